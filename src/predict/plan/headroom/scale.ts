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
function byTwo(from: MeasuredLine, to: MeasuredLine, wanted: number): WholeLine {
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

/** Of each number of instances the newest, whether or not anybody noted their size. */
const newestOfEach = (lines: readonly MeasuredLine[]): readonly MeasuredLine[] =>
  lines.filter(
    (one) => !lines.some((other) => other.instances === one.instances && other.measuredAt > one.measuredAt),
  )

/**
 * What so many instances carry, by what was measured with other numbers of them; or why that is not
 * known. One size says nothing of a larger one, since what instances share need not grow with them: unless the team says
 * why they share nothing.
 * @param scales environment in which it was measured → why it carries in proportion
 */
export function byInstances(
  lines: readonly MeasuredLine[],
  wanted: number,
  scales: Readonly<Record<string, string>> = {},
): WholeLine | { readonly because: string } {
  const byCount = newestOfEach(lines).toSorted((a, b) => a.instances - b.instances)
  const same = byCount.find(({ instances }) => instances === wanted)
  if (same) return { ...times(same, 1), how: 'measured with as many instances', seen: [same] }
  const [smallest, largest] = [byCount[0], byCount.at(-1)]
  if (!smallest || !largest) return { because: 'nothing was measured' }
  if (wanted < smallest.instances)
    return inProportion(smallest, wanted, 'fewer share what there is to be shared')
  const above = byCount.findIndex(({ instances }) => instances > wanted)
  const [smaller, larger] = above < 0 ? byCount.slice(-2) : byCount.slice(above - 1, above + 1)
  if (smaller && larger) return byTwo(smaller, larger, wanted)
  const why = scales[largest.environment]
  if (why !== undefined) return inProportion(largest, wanted, why)
  return {
    because: `it was measured with ${some(largest.instances)} only, and ${wanted} run: nobody knows how much more they carry`,
  }
}
