import type { LoadResult } from '../../result.ts'

type Second = LoadResult['seconds'][number]

/** One or several seconds as one point: the highest latencies and errors, the mean rates. */
export type ThinnedSecond = Second & { readonly seconds: number }

const highest = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((max, one) => (max === null || (one !== null && one > max) ? one : max), null)

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length

function join(group: readonly [Second, ...Second[]]): ThinnedSecond {
  const all = (read: (one: Second) => number | null) => highest(group.map(read))
  return {
    atMs: group[0].atMs,
    seconds: group.length,
    scheduled: mean(group.map((one) => one.scheduled)),
    answered: mean(group.map((one) => one.answered)),
    errors: all((one) => one.errors) ?? 0,
    p50Ms: all((one) => one.p50Ms),
    p95Ms: all((one) => one.p95Ms),
    p99Ms: all((one) => one.p99Ms),
    maxMs: all((one) => one.maxMs),
  }
}

/** More would not be told apart on a screen, and would make the file large. */
const mostPoints = 600

/** At most 600 points; no highest latency and no errors are lost. */
export function thin(seconds: readonly Second[], most = mostPoints): readonly ThinnedSecond[] {
  const size = Math.ceil(seconds.length / most)
  const points: ThinnedSecond[] = []
  for (let i = 0; i < seconds.length; i += size) {
    const [first, ...rest] = seconds.slice(i, i + size)
    if (first) points.push(join([first, ...rest]))
  }
  return points
}
