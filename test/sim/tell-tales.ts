import { describe, expect, it } from 'vitest'
import { exploreCrashes, play, type Tale } from './explore.ts'

/** Every crash point of a tale of several deployments is played in this time on a busy machine. */
const timeout = 900_000

export type Telling = {
  /** Played without a crash, and then at every crash point. */
  readonly tales: readonly Tale[]
  /** Played without a crash only: their crash points are those of the others. */
  readonly plain?: readonly Tale[]
  /** Calls that each tale has to come to, so that it is crashed there: `posts.start`. */
  readonly reaches?: readonly string[]
  /** Each tale has more crash points than this. */
  readonly pointsAbove?: number
}

/** Tests tales without a crash, and crashed before and after every call; prints how often at which. */
export function tellTales(
  title: string,
  { tales, plain = [], reaches = [], pointsAbove = 0 }: Telling,
): void {
  describe(title, () => {
    it.each([...tales, ...plain])('without a crash: $name', async (one) => {
      await play(one, undefined)
    })

    it.each(tales)('at every crash point: $name', { timeout }, async (one) => {
      const { points, names } = await exploreCrashes(one)
      const counts = Object.entries(names).map(([name, count]) => `${name} ${count}`)
      console.log(`${one.name}: ${points} crash points, ${counts.join(', ')}`)
      expect(points).toBeGreaterThan(pointsAbove)
      for (const call of reaches) expect(names).toHaveProperty([call])
    })
  })
}
