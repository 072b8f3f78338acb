/** How much busier five minutes are than the hour that they lie in. */
export type WithinHour = {
  /** The busiest five minutes as a multiple of the hour's mean; in 95 % of busy hours it is no more. */
  readonly factor: number
  /** Busy hours that tell of it. */
  readonly hours: number
}

const hourMs = 3_600_000
export const fineMs = 300_000
const perHour = hourMs / fineMs

/** Quiet hours say little of busy ones: chance makes more of few requests. */
const busyShare = 0.25
/** Fewer say nothing. */
const leastHours = 24
const sure = 0.95

type Fine = { readonly times: ArrayLike<number>; readonly values: ArrayLike<number> }

/** Hours of which each five minutes are known: mean and highest. */
function wholeHours({ times, values }: Fine) {
  const byHour = new Map<number, number[]>()
  for (let i = 0; i < times.length; i++) {
    const [to, value] = [times[i] as number, values[i] as number]
    const hour = Math.floor((to - fineMs) / hourMs)
    const known = byHour.get(hour)
    if (known) known.push(value)
    else byHour.set(hour, [value])
  }
  return [...byHour.values()]
    .filter((fine) => fine.length === perHour && fine.every((value) => Number.isFinite(value)))
    .map((fine) => ({
      mean: fine.reduce((sum, value) => sum + value, 0) / perHour,
      highest: Math.max(...fine),
    }))
    .filter(({ mean }) => mean > 0)
}

/**
 * What the mean of an hour hides.
 * @param fine requests a second of five minutes each, with when they end
 * @returns undefined while too few whole hours are known so finely
 */
export function withinHour(fine: Fine): WithinHour | undefined {
  const hours = wholeHours(fine).sort((a, b) => b.mean - a.mean)
  const busy = hours.slice(0, Math.ceil(hours.length * busyShare))
  if (busy.length < leastHours) return undefined
  const ratios = busy.map(({ mean, highest }) => highest / mean).sort((a, b) => a - b)
  const factor = ratios[Math.ceil(sure * ratios.length) - 1] as number
  return { factor, hours: busy.length }
}
