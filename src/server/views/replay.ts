import type { ReplayedObjective, ReplayedSlo, ReplayView } from '../../contract/index.ts'
import { promisesIn } from '../../flow/burn-watch.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { type Instant, sameJson } from '../../kernel/index.ts'
import { durationText } from '../../series/index.ts'
import type { ReplayedPromise, SloConfig } from '../../watch/index.ts'

const dayMs = 86_400_000
/** More of them say the same. */
const gapsShown = 20

/** Something that is promised, or would be. */
export type Proposal = { readonly environment: string; readonly slo: SloConfig }

type Range = { readonly from: Instant; readonly to: Instant }
type Known = Pick<ReplayedSlo, 'known' | 'gaps'>
type Side = { readonly objective: ReplayedObjective; readonly known: Known }

const viewOf = ({ objective, window }: SloConfig, told: ReplayedPromise): ReplayedObjective => ({
  objective,
  days: window / dayMs,
  alerts: told.alerts.map(({ window: { severity, longMs }, from, until, worstBurn }) => ({
    ...{ severity, window: durationText(longMs), from, worstBurn },
    ...(until === undefined ? {} : { until }),
  })),
  ...(told.left === undefined ? {} : { left: told.left }),
  ...(told.least ? { least: told.least } : {}),
})

const key = ({ environment, slo }: Proposal): string => `${environment}/${slo.name}`

function standing(proposed: Proposal | undefined, inForce: Proposal | undefined): ReplayedSlo['is'] {
  if (!proposed) return 'gone'
  if (!inForce) return 'new'
  return sameJson(proposed.slo, inForce.slo) ? 'same' : 'changed'
}

/** What the history says of proposed objectives, beside those in force. */
export async function viewReplay(
  world: World,
  state: ServiceState,
  proposed: readonly Proposal[],
  days: number,
): Promise<ReplayView> {
  const to = world.clock.now()
  const range: Range = { from: to - days * dayMs, to }
  const prometheus = state.guard?.config.watch.prometheus

  async function replay({ environment, slo }: Proposal): Promise<Side> {
    const promised = { service: state.name, environment, slo, prometheus }
    try {
      const told = await world.budgets.replayOf(promised, range)
      const gaps = told.gaps.slice(0, gapsShown).map(({ from, to }) => ({ from, to }))
      return { objective: viewOf(slo, told), known: { known: told.known, gaps } }
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      const objective = { objective: slo.objective, days: slo.window / dayMs, alerts: [], because }
      return { objective, known: { known: 0, gaps: [] } }
    }
  }

  const inForce = promisesIn([state]).flatMap(({ environment, slos }) =>
    slos.map((slo) => ({ environment, slo })),
  )
  const before = new Map(inForce.map((one) => [key(one), one]))
  const after = new Map(proposed.map((one) => [key(one), one]))
  const slos: ReplayedSlo[] = []
  // One after the other: others want to ask the store, too.
  for (const name of new Set([...after.keys(), ...before.keys()])) {
    const [will, does] = [after.get(name), before.get(name)]
    const is = standing(will, does)
    const one = will ?? does
    if (!one) continue
    const now = does && (await replay(does))
    const then = is === 'same' ? now : will && (await replay(will))
    slos.push({
      ...{ environment: one.environment, name: one.slo.name, is },
      ...(then ? { proposed: then.objective } : {}),
      ...(now ? { inForce: now.objective } : {}),
      ...((then ?? now)?.known ?? { known: 0, gaps: [] }),
    })
  }
  return { schemaVersion: 1, service: state.name, ...range, slos }
}
