import { type Limits, sameLimits } from '../../../kernel/index.ts'

/** What instances cost, as it is configured for an environment. */
export type Prices = {
  /** One of those that there are. */
  readonly instance?: number | undefined
  /** Of one CPU, and of one GiB, for an hour. */
  readonly cpuHour?: number | undefined
  readonly gibHour?: number | undefined
  /** One instance of a size. */
  readonly sizes: readonly { readonly limits: Limits; readonly price: number }[]
  readonly currency: string
  readonly per: 'hour' | 'day' | 'week' | 'month' | 'year'
}

/** A sum of money for some time. */
export type Cost = Pick<Prices, 'currency' | 'per'> & { readonly amount: number }

const yearHours = 365.25 * 24
const hoursIn = { hour: 1, day: 24, week: 7 * 24, month: yearHours / 12, year: yearHours } as const
const gibibyte = 2 ** 30

function bySize({ sizes, cpuHour, gibHour, per }: Prices, limits: Limits): number | undefined {
  const own = sizes.find((one) => sameLimits(one.limits, limits))?.price
  if (own !== undefined) return own
  const { cpus, memoryBytes } = limits
  if (cpuHour === undefined || gibHour === undefined || cpus === null || memoryBytes === null)
    return undefined
  return (cpus * cpuHour + (memoryBytes / gibibyte) * gibHour) * hoursIn[per]
}

const costOf = ({ currency, per }: Prices, amount: number): Cost => ({ amount, currency, per })

/** What so many more instances cost, of the size that there is; undefined where nobody says it. */
export function costOfMore(
  prices: Prices | undefined,
  more: number,
  size: Limits | undefined,
): Cost | undefined {
  const each = prices && (prices.instance ?? (size && bySize(prices, size)))
  return each === undefined ? undefined : costOf(prices as Prices, more * each)
}

/** What it costs more when so many instances are of another size. */
export function costOfLarger(
  prices: Prices | undefined,
  instances: number,
  from: Limits,
  to: Limits,
): Cost | undefined {
  const after = prices && bySize(prices, to)
  const before = prices && (bySize(prices, from) ?? prices.instance)
  if (after === undefined || before === undefined) return undefined
  return costOf(prices as Prices, instances * (after - before))
}

/** What so many instances of a size cost while they run for some time; undefined where nobody says it. */
export function costOfRunning(
  prices: Prices | undefined,
  instances: number,
  size: Limits | undefined,
  forMs: number,
): Omit<Cost, 'per'> | undefined {
  const each = prices && (size ? bySize(prices, size) : prices.instance)
  if (!prices || each === undefined) return undefined
  return {
    amount: (instances * each * forMs) / (hoursIn[prices.per] * 3_600_000),
    currency: prices.currency,
  }
}

/** `1.15 GBP`; a sum that nobody would notice is not said more exactly. */
export const runningText = ({ amount, currency }: Omit<Cost, 'per'>): string =>
  amount < 0.01 ? `under 0.01 ${currency}` : `${amount.toFixed(2)} ${currency}`

const amountText = (sum: number): string =>
  sum !== 0 && Math.abs(sum) < 1 ? String(Number(sum.toPrecision(3))) : sum.toFixed(2)

/** `34.50 GBP a month` */
export const costText = ({ amount, currency, per }: Cost): string =>
  `${amountText(amount)} ${currency} ${per === 'hour' ? 'an' : 'a'} ${per}`
