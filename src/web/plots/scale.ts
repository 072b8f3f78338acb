/** Where a value stands on an axis, and the values that are marked on it, in order. */
export type Scale = { readonly at: (value: number) => number; readonly ticks: readonly number[] }

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

/** Round values, the first not above `low`, the last not below `high`, with at most `most` steps between; 2 or more. */
export function niceTicks(low: number, high: number, most: number): readonly number[] {
  const span = high > low ? high - low : Math.abs(low) || 1
  const whole = (step: number) => [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)] as const
  let step = niceStep(span / most)
  // Moving the ends out to ticks may take a step or two more than there is room for.
  for (let [first, last] = whole(step); last - first > Math.max(2, most); [first, last] = whole(step))
    step = niceStep(step * 1.01)
  const [first, last] = whole(step)
  const count = Math.max(2, last - first + 1)
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

export type Range = { readonly low: number; readonly high: number }
export type Ends = { readonly from: number; readonly to: number }

/** To a tenth: finer is not seen. */
const place = (x: number): number => Math.round(x * 10) / 10

const straight =
  (low: number, high: number, { from, to }: Ends) =>
  (value: number): number =>
    place(from + ((value - low) / (high - low)) * (to - from))

/** What a digit takes at the size of an axis; letters and signs take no more. */
const digitWidth = 8.3
/** Plots below each other line up, as long as their figures are short. */
const usualRoom = 52

/**
 * How far from the left a plot begins whose figures stand there.
 * @param most as its scale has it
 * @param least where plots with longer figures are to line up
 */
export function roomAtLeft(
  { low, high }: Range,
  most: number,
  format: (value: number) => string,
  least: number = usualRoom,
): number {
  const longest = Math.max(...niceTicks(low, high, most).map((value) => format(value).length))
  return Math.max(least, Math.ceil(longest * digitWidth) + 12)
}

/** Its ends moved out to round values. @param most how many steps there is room for */
export function roundedScale({ low, high }: Range, ends: Ends, most: number): Scale {
  const ticks = niceTicks(low, high, most)
  return { at: straight(ticks[0] ?? low, ticks.at(-1) ?? high, ends), ticks }
}

/** Its ends where they are, and round values between them: no room is lost where there is little. */
export function tightScale({ low, high }: Range, ends: Ends, most: number): Scale {
  const ticks = niceTicks(low, high, most + 1).filter((value) => value >= low && value <= high)
  return { at: straight(low, high, ends), ticks }
}

/** The round value of 1, 2 and 5 times a power of ten that is next to a positive one, downwards or upwards. */
function roundValue(value: number, way: 'down' | 'up'): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9)
  const factors = [1, 2, 5, 10].map((factor) => Number((factor * power).toPrecision(3)))
  return way === 'up'
    ? (factors.find((one) => one >= value * (1 - 1e-9)) ?? value)
    : (factors.findLast((one) => one <= value * (1 + 1e-9)) ?? value)
}

/**
 * For what is so many times another: twice as much is as far as half as much, and its ends are moved out to round values.
 * @param most how many marks there is room for; powers of ten alone where there is little
 */
export function ratioScale({ low, high }: Range, ends: Ends, most: number): Scale {
  const [first, last] = [roundValue(low, 'down'), roundValue(high, 'up')]
  const all: number[] = []
  for (let value = first; value <= last; value = roundValue(value * 1.5, 'up')) all.push(value)
  const onLine = straight(Math.log(first), Math.log(last), ends)
  const isPower = (value: number) => Math.abs(Math.log10(value) % 1) < 1e-9
  return {
    at: (value) => onLine(Math.log(value)),
    ticks: all.length <= most ? all : all.filter(isPower),
  }
}

/** Things in order: each stands in the middle of a step. */
export type OrderScale = {
  readonly at: (index: number) => number
  readonly step: number
  readonly from: number
}

export function orderScale(count: number, { from, to }: Ends): OrderScale {
  const step = (to - from) / Math.max(1, count)
  return { at: (index) => place(from + (index + 0.5) * step), step, from }
}

/** Which of so many things have room for a label, the last always among them. */
export function labelled(count: number, step: number, labelWidth: number): readonly number[] {
  const every = Math.max(1, Math.ceil(labelWidth / step))
  return Array.from({ length: count }, (_, i) => i).filter((i) => (count - 1 - i) % every === 0)
}
