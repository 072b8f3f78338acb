/** What is promised of answers, as far as a gateway can tell: a share of them is good. */
export type Promised = {
  readonly name: string
  readonly objective: number
  /** Good is also faster than this. */
  readonly belowMs?: number
}

/** Bets that more is bad than may be: the logarithms of what each has become. It is worth no more than 1 while that is not so. */
export type Bet = { readonly logs: readonly number[]; readonly wealth: number; readonly peak: number }

export type Counted = { readonly bad: number; readonly of: number }

const ratios = [1.5, 2, 3, 5, 10, 20, 50, 100] as const
const mostOften = 0.99

export const noBet: Bet = { logs: ratios.map(() => -Math.log(ratios.length)), wealth: 0, peak: 0 }

const logSum = (logs: readonly number[]): number => {
  const most = Math.max(...logs)
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0))
}

const budgetOf = ({ objective }: Promised): number => 1 - objective

/**
 * Adds what was counted since the last look. However often one looks, the bet reaches 1/α with a chance of α at most while
 * no more is bad than may be (Ville's inequality); no look brings it more than half of the way.
 * @param most of the logarithm, that one look may add
 */
export function betOn(bet: Bet, promised: Promised, { bad, of }: Counted, most: number): Bet {
  const budget = budgetOf(promised)
  const gains = ratios.map((ratio) => {
    const often = Math.min(mostOften, ratio * budget)
    return bad * Math.log(often / budget) + (of - bad) * Math.log((1 - often) / (1 - budget))
  })
  const raised = bet.logs.map((log, k) => log + (gains[k] ?? 0))
  const over = Math.max(0, logSum(raised) - (bet.wealth + most))
  const logs = raised.map((log) => log - over)
  const wealth = logSum(logs)
  return { logs, wealth, peak: Math.max(bet.peak, wealth) }
}

/** More is bad than may be, for certain. */
export const isBroken = ({ peak }: Bet, alpha: number): boolean => peak >= -Math.log(alpha)

/** No more was bad than may be. */
export const isKept = (promised: Promised, { bad, of }: Counted): boolean => bad <= budgetOf(promised) * of
