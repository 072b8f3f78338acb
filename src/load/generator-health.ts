import { quantileOf } from '../kernel/index.ts'
import type { EngineEnd } from './engine/engine.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { whySaturated } from './plan/generator.ts'
import type { LoadResult } from './result.ts'

/** What is said of the generator, and what it added to a service time at most, in milliseconds. */
export type GeneratorHealth = { readonly said: LoadResult['generator']; readonly addsMs: number }

/** @param objectiveMs the latency that is asked about */
export function generatorOf(
  end: EngineEnd,
  plan: EnginePlan,
  objectiveMs: number | undefined,
): GeneratorHealth {
  const { health, tally, measuredMs } = end
  const mostConnections = health.reduce((sum, one) => sum + one.mostConnections, 0)
  const spanMs = measuredMs + plan.warmUpMs
  const share = (of: (one: (typeof health)[number]) => number) => Math.max(0, ...health.map(of)) / spanMs
  const busyShare = share(({ busyMs }) => busyMs)
  const gcShare = share(({ gcMs }) => gcMs)
  const longestGcMs = Math.max(0, ...health.map((one) => one.longestGcMs))
  const outOfSockets = ['out of file descriptors', 'out of local ports'].reduce(
    (sum, because) => sum + (tally.failures[because] ?? 0),
    0,
  )
  const reasons = whySaturated(
    {
      sendLagP99Ms: quantileOf(tally.sendLag, 0.99),
      scheduled: tally.counts.scheduled,
      sent: tally.counts.sent,
      belowConnectionCap: mostConnections < plan.connections && plan.load.model === 'open',
      busyShare: plan.load.model === 'open' ? busyShare : 0,
      gcMs: gcShare * spanMs,
      gcShare,
      longestGcMs,
      outOfSockets,
    },
    objectiveMs,
  )
  const sentInAll = tally.counts.sent + tally.warmUp.sent
  const said = {
    is: reasons.length > 0 ? ('saturated' as const) : ('sound' as const),
    reasons: reasons.map(({ text }) => text),
    workers: health.length,
    mostConnections,
    busyShare,
    gcShare,
    longestGcMs,
    outOfSockets,
    cpuMicrosPerRequest: sentInAll > 0 ? (end.cpuMs * 1_000) / sentInAll : null,
  }
  return { said, addsMs: Math.max(0, ...reasons.map(({ addsMs }) => addsMs)) }
}
