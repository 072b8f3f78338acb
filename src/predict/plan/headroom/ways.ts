import type { Crossing } from '../../../forecast/index.ts'
import { type Limits, limitsText } from '../../../kernel/index.ts'
import type { Around } from '../dates.ts'
import type { Ahead, Told } from './ahead.ts'
import { keepText } from './ahead-words.ts'
import { type Cost, costOfLarger, costOfMore, costText, type Prices } from './price.ts'
import { percent } from './sentence.ts'
import { sizeGivenText } from './size-text.ts'
import { limitsGiven } from './sizes.ts'

/** One way to have enough left again, or what to do to know of one. */
export type Way = {
  /** `untold`: what to measure first. `beyond`: it does not do. */
  readonly is: 'instances' | 'size' | 'untold' | 'beyond'
  readonly text: string
  readonly next?: string
  readonly cost?: Cost
  /** Until when it would do. */
  readonly keeps?: Crossing
  /** In all, and how many of them are more. */
  readonly instances?: number
  readonly more?: number
  /** Of each instance, that there would be or that is to be measured. */
  readonly size?: Limits
}

type Asked = {
  readonly environment: string
  readonly around: Around
  readonly prices?: Prices | undefined
}

const some = (count: number): string => (count === 1 ? 'one more instance' : `${count} more instances`)

const paid = (cost: Cost | undefined): string => (cost ? `, ${costText(cost)}` : '')

function moreInstances(told: Told, { environment, around, prices }: Asked): Way | undefined {
  const { restores, below, leadDays, size } = told
  switch (restores?.is) {
    case undefined:
      return undefined
    case 'instances': {
      const { more, instances, keeps } = restores
      const cost = costOfMore(prices, more, size?.limits)
      const kept = keepText(keeps, below, 'the load line', more === 1 ? 'keeps' : 'keep', around)
      return {
        ...{ is: 'instances', more, instances, keeps },
        text: `${some(more)} (${instances} in all${paid(cost)}) ${kept}`,
        next: `environments.${environment}.instances: ${instances}`,
        ...(cost ? { cost } : {}),
      }
    }
    case 'untold':
      return {
        is: 'untold',
        text: `nobody knows whether more instances leave ${percent(below)} of it: ${restores.because}`,
        next: `measure it with another number of instances (plimsoll load test ${restores.place} --instances N), or say why it carries in proportion: environments.${restores.place}.scales`,
      }
    case 'beyond':
      return {
        is: 'beyond',
        instances: restores.instances,
        text: `not even ${restores.instances} instances leave ${percent(below)} of it for ${leadDays} days, since each waits for the others`,
      }
  }
}

const asNow = (instances: number): string => (instances === 1 ? 'one instance' : `${instances} instances`)

function largerInstances(told: Told, { environment, around, prices }: Asked): Way | undefined {
  const { larger, below, leadDays, size, instances, line } = told
  if (!larger || !size) return undefined
  const [from, to] = [limitsText(size.limits), limitsText(larger.size)]
  const given = limitsGiven(size.exactly, larger.size)
  switch (larger.is) {
    case 'size': {
      const { keeps } = larger
      const cost = costOfLarger(prices, instances, size.limits, larger.size)
      const kept = keepText(keeps, below, 'the load line', instances === 1 ? 'keeps' : 'keep', around)
      return {
        ...{ is: 'size', size: larger.size, instances, keeps },
        text: `${asNow(instances)} of ${to} instead of ${from} (as many as now${paid(cost)}) ${kept}: ${larger.how}`,
        next: `environments.${environment}.limits: ${given}`,
        ...(cost ? { cost } : {}),
      }
    }
    case 'measure': {
      const what =
        larger.decides === undefined ? '' : `, for more ${larger.decides === 'cpu' ? 'CPU' : 'memory'}`
      return {
        ...{ is: 'untold', size: larger.size },
        text: `nobody knows whether larger instances leave ${percent(below)} of it: none larger than ${from} was measured; ${to} is next${what}`,
        next: `plimsoll load test ${line.seen[0]?.environment ?? environment} --size '${sizeGivenText(larger.size)}'`,
      }
    }
    case 'beyond':
      return {
        ...{ is: 'beyond', size: larger.size },
        text: `not even instances of ${to}, the largest that was measured, leave ${percent(below)} of it for ${leadDays} days`,
      }
  }
}

const kinds = ['instances', 'size', 'untold', 'beyond'] as const
const isKnown = ({ is }: Way): boolean => is === 'instances' || is === 'size'

/** Cheapest first where it is known of both what they cost; what is not known last. */
function before(a: Way, b: Way): number {
  const [costA, costB] = [a.cost?.amount, b.cost?.amount]
  if (isKnown(a) && isKnown(b) && costA !== undefined && costB !== undefined && costA !== costB)
    return costA - costB
  return kinds.indexOf(a.is) - kinds.indexOf(b.is)
}

/** What leaves enough again, for how long and what that costs, the cheapest first; none where enough is left. */
export function waysOf(ahead: Ahead, asked: Asked): readonly Way[] {
  if (ahead.is === 'untold') return []
  return [moreInstances(ahead, asked), largerInstances(ahead, asked)]
    .filter((way) => way !== undefined)
    .toSorted(before)
}
