import type { MeasuredLine, Rates } from './lines.ts'

/** What an environment carries with all of its instances, and how that is known. */
export type WholeLine = Rates & {
  /** In a sentence: `measured with as many instances`. */
  readonly how: string
  readonly seen: readonly MeasuredLine[]
}

const times = ({ low, at, high }: Rates, factor: number): Rates => ({
  low: low * factor,
  at: at * factor,
  high: high * factor,
})

const some = (instances: number): string => `${instances} instance${instances === 1 ? '' : 's'}`

/**
 * What two sizes say of a third. Instances per rate grow with each instance that waits for the others: n/X(n) is a straight
 * line when only contention plays a part (the Universal Scalability Law without crosstalk). Never more than in proportion.
 */
function carriedBy(
  small: number,
  large: number,
  from: MeasuredLine,
  to: MeasuredLine,
  wanted: number,
): number {
  if (!(large > 0)) return 0
  const [perSmall, perLarge] = [from.instances / small, to.instances / large]
  const slope = Math.max(0, (perLarge - perSmall) / (to.instances - from.instances))
  return wanted / (perLarge + slope * (wanted - to.instances))
}

/** Each bound by the measurements that make it the worst and the best. */
function bySizes(from: MeasuredLine, to: MeasuredLine, wanted: number): WholeLine {
  return {
    low: carriedBy(from.high, to.low, from, to, wanted),
    at: carriedBy(from.at, to.at, from, to, wanted),
    high: carriedBy(from.low, to.high, from, to, wanted),
    how: `measured with ${from.instances} and with ${some(to.instances)}, and what that makes with ${wanted}`,
    seen: [from, to],
  }
}

function inProportion(line: MeasuredLine, wanted: number, why: string): WholeLine {
  return {
    ...times(line, wanted / line.instances),
    how: `measured with ${some(line.instances)}, taken in proportion for ${wanted}: ${why}`,
    seen: [line],
  }
}

/**
 * What an environment of so many instances carries, by what was measured with other numbers of them; or why that is not
 * known. One size says nothing of a larger one, since what instances share need not grow with them: unless the team says
 * why they share nothing.
 * @param scales environment in which it was measured → why it carries in proportion
 */
export function wholeLine(
  lines: readonly MeasuredLine[],
  wanted: number,
  scales: Readonly<Record<string, string>> = {},
): WholeLine | { readonly because: string } {
  const bySize = lines.toSorted((a, b) => a.instances - b.instances)
  const same = bySize.find(({ instances }) => instances === wanted)
  if (same) return { ...times(same, 1), how: 'measured with as many instances', seen: [same] }
  const [smallest, largest] = [bySize[0], bySize.at(-1)]
  if (!smallest || !largest) return { because: 'nothing was measured' }
  if (wanted < smallest.instances)
    return inProportion(smallest, wanted, 'fewer share what there is to be shared')
  const above = bySize.findIndex(({ instances }) => instances > wanted)
  const [smaller, larger] = above < 0 ? bySize.slice(-2) : bySize.slice(above - 1, above + 1)
  if (smaller && larger) return bySizes(smaller, larger, wanted)
  const why = scales[largest.environment]
  if (why !== undefined) return inProportion(largest, wanted, why)
  return {
    because: `it was measured with ${some(largest.instances)} only, and ${wanted} run: nobody knows how much more they carry`,
  }
}
