import type { ThingSeen } from '../../predict/index.ts'
import type { World } from '../world.ts'
import type { ForecastPlace } from './places.ts'

/** What is seen coming in a place, as it was found last. */
export async function thingsIn(_world: World, _place: ForecastPlace): Promise<readonly ThingSeen[]> {
  return []
}
