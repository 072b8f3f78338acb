import type { HeadroomAhead } from '../../contract/index.ts'
import type { Crossing } from '../../forecast/index.ts'
import {
  type Ahead,
  type Around,
  aheadFound,
  aheadNext,
  aheadText,
  chancesText,
  isOver,
  isSoon,
  type Price,
  restoresText,
} from '../../predict/index.ts'

const given = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [k in K]?: V }

const reached = ({ date, early, late, within, horizonDays }: Crossing) => ({
  ...given('date', date),
  ...given('early', early),
  ...given('late', late),
  within: { ...within },
  horizonDays,
})

function restoresOf(ahead: Ahead, around: Around, price: Price | undefined): Partial<HeadroomAhead> {
  const text = restoresText(ahead, around, price)
  if (text === undefined || ahead.is === 'untold') return {}
  if (ahead.restores?.is !== 'instances') return { restores: { text } }
  const { instances, more, keeps } = ahead.restores
  const cost = price && { amount: more * price.instance, currency: price.currency, per: price.per }
  return { restores: { text, instances, more, ...given('cost', cost), keeps: reached(keeps) } }
}

/** What is to come of an environment's headroom, in words and figures. */
export function viewAhead(
  ahead: Ahead,
  { environment, leadDays, price }: { environment: string; leadDays: number; price: Price | undefined },
  around: Around,
): HeadroomAhead {
  const said = {
    text: aheadText(ahead, around),
    ...given('chances', chancesText(ahead)),
    found: [...aheadFound(ahead, around)],
    isSoon: isSoon(ahead),
    leadDays,
    ...given('next', aheadNext(ahead, environment)),
  }
  if (ahead.is === 'untold') return { is: 'unknown', ...said }
  const { crossing, keeps, limit } = ahead
  const is = isOver(ahead) ? 'over' : crossing.date === undefined ? 'stays' : 'crosses'
  return {
    is,
    ...said,
    limit,
    crossing: reached(crossing),
    keeps: reached(keeps),
    ...restoresOf(ahead, around, price),
  }
}
