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
  type Prices,
  type Way,
  waysOf,
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

const viewWay = ({ keeps, ...way }: Way): NonNullable<HeadroomAhead['restores']>[number] => ({
  ...way,
  ...given('keeps', keeps && reached(keeps)),
})

/** What is to come of an environment's headroom, in words and figures. */
export function viewAhead(
  ahead: Ahead,
  { environment, leadDays, prices }: { environment: string; leadDays: number; prices: Prices | undefined },
  around: Around,
): HeadroomAhead {
  const said = {
    text: aheadText(ahead, around),
    ...given('chances', chancesText(ahead)),
    found: [...aheadFound(ahead, around)],
    isSoon: isSoon(ahead),
    leadDays,
    timeZone: around.timeZone,
    ...given('next', aheadNext(ahead)),
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
    restores: waysOf(ahead, { environment, around, prices }).map(viewWay),
  }
}
