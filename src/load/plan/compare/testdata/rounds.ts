import {
  addRound,
  beginComparison,
  type CompareOptions,
  type Comparison,
  defaultCompareOptions,
  nextRound,
  type Round,
} from '../index.ts'

/** A round in which the change has these logarithms of its ratios to the base. */
export function roundOf(
  ratios: { readonly carries: number; readonly cpu?: number; readonly p99?: number },
  order: Round['order'] = 'base first',
): Round {
  const base = {
    carriesPerSecond: 1_000,
    p50Ms: 10,
    p99Ms: 50,
    cpuMicrosPerRequest: 200,
    peakMemoryBytes: 2 ** 28,
  }
  const change = {
    ...base,
    carriesPerSecond: base.carriesPerSecond * Math.exp(ratios.carries),
    cpuMicrosPerRequest: base.cpuMicrosPerRequest * Math.exp(ratios.cpu ?? 0),
    p99Ms: base.p99Ms * Math.exp(ratios.p99 ?? 0),
  }
  return { order, base, change }
}

/** Values about a centre, evenly spread, up and down in turn so that every stretch of them is balanced. */
export const spreadAbout = (centre: number, spread: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => centre + (i % 2 === 0 ? 1 : -1) * spread * ((i + 1) / count))

/** Plays rounds until there is a verdict. @throws RangeError when the rounds do not suffice */
export function play(
  rounds: readonly Round[],
  options: Partial<CompareOptions> = {},
  roundMs = 1_000,
): Comparison {
  let s = beginComparison({ ...defaultCompareOptions, ...options })
  for (let at = 0; ; at++) {
    const next = nextRound(s, at * roundMs)
    if (next.is === 'verdict') return next.comparison
    const given = rounds[at]
    if (!given) throw new RangeError(`asked for round ${at + 1} of ${rounds.length}`)
    s = addRound(s, { ...given, order: next.order }, roundMs)
  }
}
