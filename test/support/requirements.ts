import { existsSync } from 'node:fs'

/** What tests may need of a machine beyond Node.js and git. */
export const everyRequirement = [
  'chromium',
  'docker',
  'prometheus',
  'victoria-metrics',
  'promtool',
  'alertmanager',
] as const
export type Requirement = (typeof everyRequirement)[number]

export type Need = {
  /** What is skipped without it; undefined when it is there. */
  readonly missing?: string
  /** How to get it. */
  readonly enable: string
}

/** Chromium of the distribution, or the one that a variable names. */
export const chromiumPath = process.env.PLIMSOLL_CHROMIUM ?? '/usr/bin/chromium'

/** What a Docker engine of our own needs: its program, a user who may start it, and a shell without libraries. */
const engineNeeds = ['/usr/sbin/dockerd', '/bin/busybox']
const hasEngine = (): boolean => engineNeeds.every((path) => existsSync(path)) && process.getuid?.() === 0

export const prometheusPath = process.env.PLIMSOLL_PROMETHEUS ?? '/usr/bin/prometheus'
export const victoriaPath = process.env.PLIMSOLL_VICTORIA_METRICS ?? '/usr/bin/victoria-metrics'
/** What checks and tests rules of Prometheus. */
export const promtoolPath = process.env.PLIMSOLL_PROMTOOL ?? '/usr/bin/promtool'

export const alertmanagerPath = process.env.PLIMSOLL_ALERTMANAGER ?? '/usr/bin/prometheus-alertmanager'

const look: Readonly<Record<Requirement, () => Need>> = {
  chromium: () => ({
    ...(existsSync(chromiumPath) ? {} : { missing: 'the tests of the page, for want of Chromium' }),
    enable: 'apt-get install chromium, or name one in PLIMSOLL_CHROMIUM',
  }),
  docker: () => ({
    ...(hasEngine() ? {} : { missing: 'the tests with containers, for want of dockerd, busybox or root' }),
    enable: 'as root: apt-get install docker.io iptables busybox-static',
  }),
  prometheus: () => ({
    ...(existsSync(prometheusPath) ? {} : { missing: 'the comparison with a Prometheus' }),
    enable: 'apt-get install prometheus, or name one in PLIMSOLL_PROMETHEUS',
  }),
  'victoria-metrics': () => ({
    ...(existsSync(victoriaPath) ? {} : { missing: 'the comparison with a VictoriaMetrics' }),
    enable: 'apt-get install victoria-metrics, or name one in PLIMSOLL_VICTORIA_METRICS',
  }),
  promtool: () => ({
    ...(existsSync(promtoolPath) ? {} : { missing: 'the tests of rules, for want of promtool' }),
    enable: 'apt-get install prometheus, or name a promtool in PLIMSOLL_PROMTOOL',
  }),
  alertmanager: () => ({
    ...(existsSync(alertmanagerPath) ? {} : { missing: 'the tests with an Alertmanager' }),
    enable: 'apt-get install prometheus-alertmanager, or name one in PLIMSOLL_ALERTMANAGER',
  }),
}

/**
 * Whether a test can run here.
 * @throws Error when it cannot and PLIMSOLL_REQUIRE_ALL is set: where everything is installed, nothing may be skipped
 */
export function needs(name: Requirement): Need {
  const need = look[name]()
  if (need.missing && process.env.PLIMSOLL_REQUIRE_ALL === '1')
    throw new Error(`${need.missing}: ${need.enable}`)
  return need
}
