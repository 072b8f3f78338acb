import type { GateView, WaiverView } from '../../contract/index.ts'
import {
  type DeploymentState,
  type GateSeen,
  type LaneState,
  type Waiver,
  waiverOf,
  waiversAt,
} from '../../deploy/index.ts'
import type { Instant } from '../../kernel/index.ts'

type Place = { readonly service: string; readonly environment: string }

/** A waiver that lasts, and how it is ended. */
const lasting = ({ service, environment }: Place, waiver: Waiver): WaiverView => ({
  ...waiver,
  action: {
    label: `Let ${waiver.gate} hold again`,
    effect: `gate ${waiver.gate} of ${environment} of ${service} is not waived any more: the next release has to pass it`,
    command: `plimsoll unwaive ${service} ${environment} ${waiver.gate}`,
  },
})

/** The waivers of an environment that last. */
export const waiversOf = (place: Place, lane: LaneState | undefined, now: Instant): WaiverView[] =>
  waiversAt(lane?.waivers, now).map((waiver) => lasting(place, waiver))

const waiveAction = ({ service, environment }: Place, gate: string) => ({
  label: `Let ${gate} through`,
  effect: `whatever gate ${gate} finds, ${environment} of ${service} takes releases until the waiver ends, in your name: what waits for it goes on, what it stopped is promoted again`,
  command: `plimsoll waive ${service} ${environment} ${gate} --reason "…" --for 2h`,
})

/** Its gates keep it from beginning, or have done so and nothing newer was asked for since. */
const isKept = ({ id, phase, standing, rail }: DeploymentState, lane: LaneState | undefined): boolean =>
  phase === 'gating' ||
  phase === 'waiting' ||
  (phase === 'ended' &&
    rail.length === 0 &&
    (standing === 'failed' || standing === 'inconclusive') &&
    lane?.lastDeployment === id)

/**
 * What a person has decided about a gate of a deployment, or can decide: its verdict is let through for a while.
 * @param shown the gate as it is shown: a waiver that was there when it was judged is kept with it
 */
export function waivingOf(
  { name, waiver: then }: GateSeen,
  shown: GateView,
  state: DeploymentState,
  lane: LaneState | undefined,
  now: Instant,
): Pick<GateView, 'waiver' | 'waive'> {
  const lasts = waiverOf(lane?.waivers, name, now)
  if (then) return { waiver: lasts?.since === then.since ? lasting(state, lasts) : then }
  if (shown.is === 'pass' || !isKept(state, lane)) return {}
  return lasts ? { waiver: lasting(state, lasts) } : { waive: waiveAction(state, name) }
}
