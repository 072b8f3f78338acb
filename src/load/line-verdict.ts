import type { LineResult } from './plan/line/index.ts'
import type { LineVerdict } from './plan/line-test/settings.ts'
import { formatRate } from './report/index.ts'

const failed = (text: string): LineVerdict => ({ standing: 'failed', text, reasons: [{ text }] })
const unsure = (text: string): LineVerdict => ({ standing: 'inconclusive', text, reasons: [{ text }] })

/** What a search says of a release: it is measured, or carries less than the team wants, or nobody can tell. */
export function judgeLine(result: LineResult, objective: string, least?: number): LineVerdict {
  const { verdict, ratePerSecond, interval, reasons } = result
  const rate = formatRate(ratePerSecond ?? 0)
  if (verdict === 'inconclusive' || ratePerSecond === null)
    return unsure(`its load line could not be told: ${reasons.join('; ') || 'nobody knows why'}`)
  if (verdict === 'below') return failed(`does not carry even ${rate} within ${objective}`)
  const between = interval ? ` (${formatRate(interval.low)} to ${formatRate(interval.high)})` : ''
  const text = `carries ${verdict === 'atLeast' ? 'at least ' : ''}${rate}${between} within ${objective}`
  const [low, high] = [
    interval?.low ?? ratePerSecond,
    verdict === 'atLeast' ? Infinity : (interval?.high ?? ratePerSecond),
  ]
  if (least === undefined || low >= least) return { standing: 'passed', text, reasons: [] }
  const wanted = `${text}; ${formatRate(least)} are wanted`
  return high < least ? failed(wanted) : unsure(wanted)
}
