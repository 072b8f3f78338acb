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
  /** What burns what is promised, the most urgent first: alerts that fire, and what burns too fast at this moment. */
  readonly burning: readonly Burns[]
  /** Of which promises nothing can be said, and why. */
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
  const down = targets.filter(({ up }) => !up).map(({ instance }) => instance)
  return [...Map.groupBy(down, (one) => because(known, one))].map(([why, names]) => {
    const who =
      names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
    return `metrics of ${who} cannot be read${why}`
  })
}

/** Whether an environment is well now, and what is wrong with it. */
export function judgeHealth(figures: Figures, known: Known): Judgement {
  if (known.rests !== undefined) return { is: 'well', reasons: [known.rests] }
  const wrong = [
    ...instancesText(known),
    ...known.burning.filter(({ as }) => as !== 'ticket').map(burnText),
    ...figures.probes.filter(({ ok }) => !ok).map(({ name }) => `probe ${name} fails${because(known, name)}`),
    ...targetsDown(figures, known),
  ]
  const tickets = known.burning.filter(({ as }) => as === 'ticket').map(burnText)
  if (wrong.length > 0) return { is: 'ill', reasons: [...wrong, ...tickets, ...known.unsaid] }
  if (known.unsaid.length > 0) return { is: 'unknown', reasons: [...tickets, ...known.unsaid] }
  const { releases, instances, probes, targets } = figures
  const isKnown = [releases, instances, probes, targets].some((all) => all.length > 0)
  return isKnown
    ? { is: 'well', reasons: tickets }
    : { is: 'unknown', reasons: ['nothing has been collected of it lately'] }
}
