import { isIll } from '../../plan/heartbeats/heartbeat.ts'
import type { HeartbeatStanding } from '../../plan/heartbeats/state.ts'
import { allReleases, type Figures } from '../figures.ts'

/** What is known of an environment beside its series. */
export type Known = {
  readonly runs: 'here' | 'elsewhere'
  /** Instances of the live release; undefined where Plimsoll starts none. */
  readonly instances?: { readonly ready: number; readonly wanted: number } | undefined
  /** Nothing runs there on purpose: it sleeps, or nothing was deployed yet. */
  readonly rests?: string | undefined
  /** What each probe found last, and what each target said wrong, by name. */
  readonly problems: ReadonlyMap<string, readonly string[]>
  /** What somebody should know of its gateway. */
  readonly gateway?: readonly string[]
  readonly heartbeats: readonly {
    readonly name: string
    readonly standing: HeartbeatStanding
    readonly because: string
  }[]
  /** Share of bad requests that is promised not to be exceeded, where no gateway counts them. */
  readonly budget?: number | undefined
  /** What burns what is promised, the most urgent first: alerts that fire, and what burns too fast at this moment. */
  readonly burning: readonly Burns[]
  /** Of which promises nothing can be said, and what could not be learnt otherwise, and why. */
  readonly unsaid: readonly string[]
}

/** A ticket is work, not illness. */
export type Burns = { readonly as: 'page' | 'now' | 'ticket'; readonly text: string }

export type Judgement = { readonly is: 'well' | 'ill' | 'unknown'; readonly reasons: readonly string[] }

const burnText = ({ as, text }: Burns): string => (as === 'now' ? text : `${as}: ${text}`)

const instancesText = ({ instances }: Known): readonly string[] => {
  if (!instances || instances.ready >= instances.wanted) return []
  return [
    instances.ready === 0
      ? 'no instance is ready'
      : `${instances.ready} of ${instances.wanted} instances are ready`,
  ]
}

const because = ({ problems }: Known, name: string): string => {
  const [first] = problems.get(name) ?? []
  return first === undefined ? '' : `: ${first}`
}

/** What is wrong with several in the same way is said once. */
function targetsDown({ targets }: Figures, known: Known): readonly string[] {
  const down = targets
    .filter(({ up }) => !up)
    .map(({ instance }) => instance)
    .sort()
  return [...Map.groupBy(down, (one) => because(known, one))].map(([why, names]) => {
    const who =
      names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
    return `metrics of ${who} cannot be read${why}`
  })
}

/**
 * So many times faster than it lasts the budget may be used up before somebody should look now: at this pace the fiftieth
 * part of a month's is gone in an hour (Google's SRE workbook, chapter 5).
 */
const fastest = 14.4
const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`

/** No events are counted of what only a Prometheus tells of: its shares are compared as they are. */
function failingElsewhere({ releases }: Figures, { budget }: Known): readonly string[] {
  const { errorRatio = 0 } = releases.find(({ version }) => version === allReleases) ?? {}
  if (budget === undefined || errorRatio <= fastest * budget) return []
  return [`${percent(errorRatio)} of the requests fail; ${percent(budget)} are promised at most`]
}

const beatText = ({ name, because }: Known['heartbeats'][number]): string => `job ${name} ${because}`

/** Whether an environment is well now, and what is wrong with it. */
export function judgeHealth(figures: Figures, known: Known): Judgement {
  const beats = known.heartbeats.filter(({ standing }) => isIll(standing)).map(beatText)
  if (known.rests !== undefined && beats.length === 0) return { is: 'well', reasons: [known.rests] }
  const wrong = [
    ...instancesText(known),
    ...(known.gateway ?? []),
    ...known.burning.filter(({ as }) => as !== 'ticket').map(burnText),
    ...figures.probes.filter(({ ok }) => !ok).map(({ name }) => `probe ${name} fails${because(known, name)}`),
    ...failingElsewhere(figures, known),
    ...targetsDown(figures, known),
    ...beats,
  ]
  const tickets = known.burning.filter(({ as }) => as === 'ticket').map(burnText)
  const unsaid = [
    ...known.unsaid,
    ...known.heartbeats.filter(({ standing }) => standing === 'unknown').map(beatText),
  ]
  if (wrong.length > 0) return { is: 'ill', reasons: [...wrong, ...tickets, ...unsaid] }
  if (unsaid.length > 0) return { is: 'unknown', reasons: [...tickets, ...unsaid] }
  const { releases, instances, probes, targets } = figures
  const isKnown = [releases, instances, probes, targets, known.heartbeats].some((all) => all.length > 0)
  return isKnown
    ? { is: 'well', reasons: tickets }
    : { is: 'unknown', reasons: ['nothing has been collected of it lately'] }
}
