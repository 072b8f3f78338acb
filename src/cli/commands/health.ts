import {
  type EnvironmentHealth,
  type HealthView,
  healthView,
  type ReleaseHealth,
} from '../../contract/index.ts'
import { memoryText } from '../../contract/memory-text.ts'
import { type ExitCode, exit } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { sign } from '../marks.ts'
import { showView } from '../show-view.ts'
import { renderTable } from '../table.ts'

const signs = {
  well: { icon: '✓', ascii: '+', colour: 32 },
  ill: { icon: '✗', ascii: 'x', colour: 31 },
  unknown: { icon: '?', ascii: '?', colour: 33 },
} as const

const unknownText = '–'

const perSecond = (rate: number): string =>
  `${rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(3))}/s`
const percent = (ratio: number | undefined): string =>
  ratio === undefined ? unknownText : `${Number((ratio * 100).toPrecision(2))} %`
const ms = (seconds: number | undefined): string =>
  seconds === undefined ? unknownText : `${Number((seconds * 1_000).toPrecision(3))} ms`
const cores = (cpu: number | undefined): string => (cpu === undefined ? unknownText : cpu.toFixed(2))

type Requests = Pick<ReleaseHealth, 'ratePerSecond' | 'errorRatio' | 'p50' | 'p95' | 'p99'>

const requestCells = ({ ratePerSecond, errorRatio, p50, p95, p99 }: Requests): string[] => [
  perSecond(ratePerSecond),
  percent(errorRatio),
  ...[p50, p95, p99].map(ms),
]
const requestHeads = ['RATE', 'FAILED', 'P50', 'P95', 'P99']

function renderReleases({ releases }: EnvironmentHealth, screen: Screen): string {
  if (releases.length === 0) return ''
  const rows = releases.map((one) => [one.version || 'nobody', ...requestCells(one)])
  return renderTable([['RELEASE', ...requestHeads], ...rows], screen)
}

function renderRoutes({ routes }: EnvironmentHealth, screen: Screen): string {
  if (routes.length === 0) return 'No requests by route: watch.routes says which there are.\n'
  const rows = routes.map((one) => [one.route, ...requestCells(one)])
  return renderTable([['ROUTE', ...requestHeads], ...rows], screen)
}

function renderInstances({ instances }: EnvironmentHealth, screen: Screen): string {
  if (instances.length === 0) return ''
  const rows = instances.map(({ instance, version, cpu, openFiles, restarts, ...memory }) => [
    instance,
    version,
    cores(cpu),
    memoryText(memory) ?? unknownText,
    ...[openFiles, restarts].map((count) => (count === undefined ? unknownText : String(count))),
  ])
  return renderTable([['INSTANCE', 'RELEASE', 'CPU', 'MEMORY', 'FILES', 'RESTARTS'], ...rows], screen)
}

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

function renderProbes({ probes, targets, heartbeats }: EnvironmentHealth, screen: Screen): string {
  const asked = probes.map(({ name, ok, durationSeconds, successRatio, certificateEnds }) => [
    `probe ${name}`,
    ok ? 'ok' : 'fails',
    ms(durationSeconds),
    [
      ...(successRatio === undefined ? [] : [`${percent(successRatio)} ok`]),
      ...(certificateEnds === undefined ? [] : [`certificate until ${day(certificateEnds)}`]),
    ].join(', '),
  ])
  const scraped = targets.map(({ instance, up, samples, problems }) => [
    `metrics of ${instance}`,
    up ? 'up' : 'down',
    '',
    up ? `${samples} series${problems.length > 0 ? `; ${problems[0]}` : ''}` : (problems[0] ?? ''),
  ])
  const told = heartbeats.map(({ name, is, because, durationSeconds }) => [
    `job ${name}`,
    is,
    durationSeconds === undefined ? '' : ms(durationSeconds),
    because,
  ])
  if (asked.length + scraped.length + told.length === 0) return ''
  return renderTable([['WATCHED BY', 'IS', 'TOOK', 'LATELY'], ...asked, ...scraped, ...told], screen)
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')

type Parts = readonly ((environment: EnvironmentHealth, screen: Screen) => string)[]

const usualParts: Parts = [renderReleases, renderInstances, renderProbes]
const byRoute: Parts = [renderReleases, renderRoutes]

function renderEnvironment(
  service: string,
  environment: EnvironmentHealth,
  screen: Screen,
  parts: Parts,
): string {
  const { name, runs, reasons } = environment
  const said = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`
  const head = `${sign(signs[environment.is], screen)} ${service} ${name}${runs === 'elsewhere' ? ' (elsewhere)' : ''}${said}`
  const tables = parts.map((render) => render(environment, screen)).filter((table) => table !== '')
  return `${head}\n${tables.map(indented).join('')}`
}

/** The verdict of each environment, and its figures. */
export function renderHealth(view: HealthView, screen: Screen, parts = usualParts): string {
  const all = view.services.flatMap(({ name, environments }) =>
    environments.map((environment) => renderEnvironment(name, environment, screen, parts)),
  )
  const faults = (view.faults ?? []).map((text) => `${sign(signs.unknown, screen)} Plimsoll: ${text}\n`)
  return `${faults.join('')}${all.length === 0 ? 'There is nothing to watch yet.\n' : all.join('\n')}`
}

/** The same with requests by route. */
export const renderHealthByRoute = (view: HealthView, screen: Screen): string =>
  renderHealth(view, screen, byRoute)

/** Whether all is well, whether something is not, or that nobody can tell. */
export function exitOf(view: HealthView): ExitCode {
  const all = view.services.flatMap(({ environments }) => environments)
  if (all.some(({ is }) => is === 'ill')) return exit.no
  return all.length === 0 || all.some(({ is }) => is === 'unknown') ? exit.unknown : exit.yes
}

export const health: Command = {
  name: 'health',
  summary: 'how services are now: rate, failures and latency by release, instances, probes, targets',
  examples: ['plimsoll health', 'plimsoll health payments --routes'],
  positionals: '[SERVICE]',
  options: {
    routes: { type: 'boolean', description: 'requests by route instead of instances and probes' },
    ...serverOptions,
  },
  run(input, io) {
    const render = input.values.routes === true ? renderHealthByRoute : renderHealth
    return showView({ path: '/api/health', view: healthView, render, exitOf }, input, io)
  },
}
