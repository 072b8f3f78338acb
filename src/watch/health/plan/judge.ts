import { isIll } from '../../plan/heartbeats/heartbeat.ts'
import type { HeartbeatStanding } from '../../plan/heartbeats/state.ts'
import type { Figures } from '../figures.ts'

/** What is known of an environment beside its series. */
export type Known = {
  readonly runs: 'here' | 'elsewhere'
  /** Instances of the live release; undefined where Plimsoll starts none. */
  readonly instances?: { readonly ready: number; readonly wanted: number } | undefined
  /** Nothing runs there on purpose: it sleeps, or nothing was deployed yet. */
  readonly rests?: string | undefined
  /** What each probe found last, and what each target said wrong, by name. */
  readonly problems: ReadonlyMap<string, readonly string[]>
  /** Of what nothing could be learnt, though it should be, each in a sentence. */
  readonly unknown: readonly string[]
  readonly heartbeats: readonly {
    readonly name: string
    readonly standing: HeartbeatStanding
    readonly because: string
  }[]
  /** Share of bad requests that is promised not to be exceeded, if any is. */
  readonly budget?: number | undefined
}

export type Judgement = { readonly is: 'well' | 'ill' | 'unknown'; readonly reasons: readonly string[] }

/**
 * So many times faster than it lasts the budget may be used up before somebody should look now: at this pace the fiftieth
 * part of a month's is gone in an hour (Google's SRE workbook, chapter 5).
 */
const fastest = 14.4
/** Fewer bad requests than this may be chance. */
const fewest = 5

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`

function failing({ releases }: Figures, { budget }: Known, windowSeconds: number): readonly string[] {
  if (budget === undefined) return []
  const rate = releases.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0)
  const bad = releases.reduce((sum, one) => sum + one.ratePerSecond * (one.errorRatio ?? 0), 0)
  if (rate === 0 || bad * windowSeconds < fewest || bad / rate <= fastest * budget) return []
  return [`${percent(bad / rate)} of the requests fail; ${percent(budget)} are promised at most`]
}

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
  const down = targets.filter(({ up }) => !up).map(({ instance }) => instance)
  return [...Map.groupBy(down, (one) => because(known, one))].map(([why, names]) => {
    const who =
      names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
    return `metrics of ${who} cannot be read${why}`
  })
}

const beatText = ({ name, because }: Known['heartbeats'][number]): string => `job ${name} ${because}`

/** Whether an environment is well now, and what is wrong with it. */
export function judgeHealth(figures: Figures, known: Known, windowSeconds: number): Judgement {
  const beats = known.heartbeats.filter(({ standing }) => isIll(standing)).map(beatText)
  if (known.rests !== undefined && beats.length === 0) return { is: 'well', reasons: [known.rests] }
  const wrong = [
    ...instancesText(known),
    ...failing(figures, known, windowSeconds),
    ...figures.probes.filter(({ ok }) => !ok).map(({ name }) => `probe ${name} fails${because(known, name)}`),
    ...targetsDown(figures, known),
    ...beats,
  ]
  if (wrong.length > 0) return { is: 'ill', reasons: [...wrong, ...known.unknown] }
  const { releases, instances, probes, targets } = figures
  const unheard = [
    ...known.unknown,
    ...known.heartbeats.filter(({ standing }) => standing === 'unknown').map(beatText),
  ]
  if (unheard.length > 0) return { is: 'unknown', reasons: unheard }
  const isKnown = [releases, instances, probes, targets, known.heartbeats].some((all) => all.length > 0)
  return isKnown
    ? { is: 'well', reasons: [] }
    : { is: 'unknown', reasons: ['nothing has been collected of it lately'] }
}
