import type { Standing } from '../common.ts'
import type { DeploymentView } from '../deployments.ts'
import type { ChangeView } from '../runs.ts'

/** How far a change is on its way to the environments where it is wanted. */
export type Journey = {
  /** `waits`: for a person or a date. `held`: the judge of a canary could not tell, and a person has to. */
  readonly is: 'going' | 'live' | 'failed' | 'inconclusive' | 'waits' | 'held'
  /** One sentence. */
  readonly text: string
  readonly reasons: readonly string[]
  /** What to do: as a rule a command that says more, or does what is waited for. */
  readonly next?: string
  /** Everything on the way so far, each with a key of its own. */
  readonly steps: readonly { readonly key: string; readonly standing: Standing; readonly text: string }[]
}

type Leg = Omit<Journey, 'steps'>
type Way = NonNullable<ChangeView['way']>
type Place = Way[number]
type Run = ChangeView['runs'][number]

/** Environments that it reaches by itself: all before them are reached so, too. */
function byItself(way: Way): readonly Place[] {
  const isReached = ({ by, after }: Place): boolean => {
    const before = way.find(({ environment }) => environment === after)
    return by === 'itself' && (before === undefined || isReached(before))
  }
  return way.filter(isReached)
}

/** The environments that lead to one, and itself, in order. */
function wayTo(way: Way, environment: string): readonly Place[] {
  const place = way.find((one) => one.environment === environment)
  if (!place) return []
  return [...(place.after === undefined ? [] : wayTo(way, place.after)), place]
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** Gates that wait for a person or a date: hours, or days. What is being measured is not among them. */
export const patientGates = ({ endedAt, gates }: DeploymentView): DeploymentView['gates'] =>
  endedAt === undefined ? gates.filter(({ is, measured }) => is === 'waiting' && !measured) : []

/** The deployment that brings it there: the newest of those that the run led to; older ones brought the same release before. */
const deploymentTo = ({ deployments }: ChangeView, { environment }: Place, run: Run) =>
  deployments.find(
    (one) => one.environment === environment && (one.endedAt === undefined || one.at >= (run.endedAt ?? 0)),
  )

const endedBadly = (standing: Standing): 'failed' | 'inconclusive' =>
  standing === 'inconclusive' ? 'inconclusive' : 'failed'

function legOfDeployment(view: DeploymentView): Leg {
  const gates = patientGates(view)
  const { service, environment } = view
  const told = { text: `${environment}: ${view.text}`, reasons: view.reasons.map(({ text }) => text) }
  if (view.held)
    return {
      is: 'held',
      ...told,
      reasons: view.held.because ? [view.held.because] : [],
      next: view.held.command,
    }
  if (gates.length > 0) {
    const command = gates.flatMap(({ action }) => action?.command ?? [])[0]
    return { is: 'waits', ...told, ...(command === undefined ? {} : { next: command }) }
  }
  if (view.endedAt === undefined) return { is: 'going', ...told }
  if (view.standing === 'passed') return { is: 'live', ...told }
  const look =
    view.rail.length > 0
      ? `plimsoll logs ${view.id}`
      : `plimsoll deploy ${view.to.short} ${service} ${environment} --dry-run`
  const next = view.reasons.find((reason) => reason.next !== undefined)?.next ?? look
  return { is: endedBadly(view.standing), ...told, next }
}

/** How it stands in one environment. @param before how it stands in the one before */
function legTo(
  view: ChangeView,
  place: Place,
  run: Run,
  open: readonly DeploymentView[],
  before: Leg['is'],
): Leg {
  const { environment, after } = place
  const found = deploymentTo(view, place, run)
  const seen = found && open.find(({ id }) => id === found.id)
  if (seen) return legOfDeployment(seen)
  if (found?.endedAt === undefined && found)
    return { is: 'going', text: `${environment}: ${found.text}`, reasons: [] }
  if (found?.standing === 'passed' || place.live)
    return { is: 'live', text: `it is live in ${environment}`, reasons: [] }
  if (found)
    return {
      is: endedBadly(found.standing),
      text: `${environment}: ${found.text}`,
      reasons: [],
      next: `plimsoll logs ${found.id}`,
    }
  if (place.rejected !== undefined)
    return {
      is: 'failed',
      text: `${environment}: ${place.rejected}`,
      reasons: [],
      next: `plimsoll logs ${run.id}`,
    }
  if (before === 'live' && place.by === 'promote')
    return {
      ...{ is: 'waits', text: `${environment} waits for somebody to promote it`, reasons: [] },
      next: `plimsoll promote ${view.change.service} ${environment}`,
    }
  return {
    is: 'going',
    text: after === undefined ? `${environment} is next` : `${environment} comes after ${after}`,
    reasons: [],
  }
}

const worst = ['failed', 'inconclusive', 'held', 'waits', 'going'] as const

function legsOf(
  view: ChangeView,
  run: Run,
  places: readonly Place[],
  open: readonly DeploymentView[],
): readonly Leg[] {
  const legs = new Map<string, Leg>()
  for (const place of places) {
    const before = place.after === undefined ? 'live' : legs.get(place.after)?.is
    legs.set(place.environment, legTo(view, place, run, open, before ?? 'live'))
  }
  return [...legs.values()]
}

/** What the pipeline says of it, when that is all that there is to say. */
function legOfRun(run: Run | undefined, wants: boolean): Leg | undefined {
  if (!run) return { is: 'going', text: 'it is not there yet', reasons: [] }
  if (run.endedAt === undefined) return { is: 'going', text: run.text, reasons: [] }
  if (run.standing === 'passed') return undefined
  const reasons = run.reasons.map(({ text }) => text).filter((text) => text !== run.text)
  const what = wants ? `it will not be deployed: ${run.text}` : run.text
  return { is: endedBadly(run.standing), text: what, reasons, next: `plimsoll logs ${run.id}` }
}

const stepsOf = (
  run: Run | undefined,
  { deployments }: Pick<ChangeView, 'deployments'>,
): Journey['steps'] => [
  ...(run?.jobs ?? [])
    .filter(({ standing }) => standing !== 'waiting')
    .map(({ name, standing, because }) => ({
      ...{ key: `job ${name}`, standing, text: because === undefined ? name : `${name}: ${because}` },
    })),
  ...(run?.endedAt === undefined
    ? []
    : [{ key: run.id, standing: run.standing, text: `${run.id}: ${run.text}` }]),
  ...deployments
    .filter(({ at }) => at >= (run?.endedAt ?? Number.POSITIVE_INFINITY))
    .toReversed()
    .map(({ id, standing, text, environment }) => ({ key: id, standing, text: `${environment}: ${text}` })),
]

/**
 * How far a change is: its newest run, and the deployments that this led to.
 * @param open the deployments that are of interest now, whole
 * @param until the environment where it is to arrive; all that it reaches by itself when not given
 */
export function journeyOf(view: ChangeView, open: readonly DeploymentView[], until?: string): Journey {
  const [run] = view.runs
  const steps = stepsOf(run, view)
  const ofRun = legOfRun(run, until !== undefined)
  if (ofRun || !run) return { ...(ofRun ?? { is: 'going', text: '', reasons: [] }), steps }
  const { way } = view
  if (!way) return { is: 'going', text: run.text, reasons: [], steps }
  const targets = until === undefined ? byItself(way).map(({ environment }) => environment) : [until]
  if (targets.length === 0)
    return { is: 'live', text: `${run.text}; it goes nowhere by itself`, reasons: [], steps }
  const wanted = new Set(targets.flatMap((one) => wayTo(way, one)))
  const legs = legsOf(
    view,
    run,
    way.filter((place) => wanted.has(place)),
    open,
  )
  const decisive = worst.flatMap((is) => legs.find((leg) => leg.is === is) ?? [])[0]
  return { ...(decisive ?? { is: 'live', text: `it is live in ${listed(targets)}`, reasons: [] }), steps }
}

/** Deployments to look at as a whole: what one waits for, or why it failed, is not in the change. */
export const toLookAt = ({ runs: [run], deployments }: ChangeView): readonly string[] =>
  deployments
    .filter(({ at, endedAt, standing }) =>
      endedAt === undefined ? true : standing !== 'passed' && at >= (run?.endedAt ?? 0),
    )
    .map(({ id }) => id)
