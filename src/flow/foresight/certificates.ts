import { zoneName } from '../../kernel/index.ts'
import { aroundOf, certainly, clockText, dateText, type Finding } from '../../predict/index.ts'
import { over, series } from '../../series/index.ts'
import type { Foreteller } from './index.ts'

const dayMs = 86_400_000
/** So long before the end at most: what renews itself does so before. */
const longestLeadMs = 21 * dayMs
/** Its probe fails when so little is left; somebody is told half as long again before. */
const beforeProbe = 1.5

/** Certificates that probes look at: when they end is no forecast. */
export const foreseeCertificates: Foreteller = async (world, { service, environment, config }, at) => {
  const labels = { service_name: service, deployment_environment_name: environment }
  const metric = series('plimsoll_probe_certificate_end_timestamp_seconds', labels)
  const answers = await world.peaks.now(over('last_over_time', metric, dayMs), at)
  const endOf = new Map(answers.map((one) => [one.labels.plimsoll_probe, one.value * 1_000]))
  const around = aroundOf(config.predict, at)
  const probes = config.probes.filter((one) => one.in?.includes(environment) ?? true)
  return probes.flatMap((probe): Finding[] => {
    if (probe.kind !== 'tls') return []
    const { name, host, port, left } = probe
    const end = endOf.get(name)
    const common = { kind: 'certificate', name } as const
    if (end === undefined)
      return [{ is: 'unforeseen', ...common, text: `certificate ${name}: it was not seen in the last day` }]
    const verb = end > at ? 'ends' : 'ended'
    return [
      {
        ...{ is: 'foreseen', ...common },
        text: `certificate ${name} ${verb} on ${dateText(end, around)} at ${clockText(end, around)} ${zoneName(around.timeZone)}`,
        crossing: certainly(end, at, 'it is written in the certificate'),
        found: [`probe ${name} sees it at ${host}:${port}`],
        next: 'renew it, and look at what keeps it from being renewed by itself',
        leadMs: Math.min(config.predict.lead, longestLeadMs, beforeProbe * left),
      },
    ]
  })
}
