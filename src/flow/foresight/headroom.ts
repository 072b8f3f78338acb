import type { Instant } from '../../kernel/index.ts'
import {
  type Ahead,
  type Around,
  aheadFound,
  aheadNext,
  aheadText,
  aroundOf,
  chancesText,
  type Finding,
  isOver,
  type Prices,
  waysOf,
} from '../../predict/index.ts'
import { aheadIn, type HeadroomPlace, headroomPlaces, pricesIn } from '../headroom.ts'
import type { World } from '../world.ts'

const about = { kind: 'headroom', name: 'headroom' } as const

/** What is said of it; of a line of which only a lower bound is known, nobody foresees a crossing. */
function findingOf(ahead: Ahead, environment: string, around: Around, prices?: Prices): Finding {
  const text = aheadText(ahead, around)
  const ways = waysOf(ahead, { environment, around, prices })
  const said = [...ways.flatMap((way) => [way.text, way.next]), aheadNext(ahead)]
  const next = said.filter((one) => one !== undefined).join('; ')
  if (ahead.is === 'untold' || ahead.limit === 'atLeast')
    return { is: 'unforeseen', ...about, text, ...(next === '' ? {} : { next }) }
  const found = [chancesText(ahead), ...aheadFound(ahead, around)].filter((one) => one !== undefined)
  return {
    is: 'foreseen',
    ...{ ...about, text, crossing: ahead.crossing, found, isThere: isOver(ahead) },
    next: next === '' ? 'nothing: enough is left for so long' : next,
  }
}

/** When an environment crosses its load line, and what would restore its headroom. */
export async function foreseeHeadroom(
  world: World,
  place: HeadroomPlace,
  at: Instant,
): Promise<readonly Finding[]> {
  const { config, environment } = place
  if (!headroomPlaces(config).includes(environment)) return []
  const ahead = await aheadIn(world, place, at)
  return ahead
    ? [findingOf(ahead, environment, aroundOf(config.predict, at), pricesIn(config, environment))]
    : []
}
