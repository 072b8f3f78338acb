import { z } from 'zod'
import { headroomView } from '../../contract/index.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { readService } from '../../flow/records.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { aroundOf, readWhatIf } from '../../predict/index.ts'
import { type Assuming, viewHeadroom } from '../views/headroom.ts'
import type { App } from './app.ts'
import { findRelease } from './find.ts'

/**
 * What is to be assumed, by a service's own clocks.
 * @throws PLM_WHAT_IF with all that cannot be read, PLM_NOT_FOUND when there is no such release
 */
const assuming =
  (plimsoll: Plimsoll, texts: readonly string[]): Assuming =>
  async ({ service, predict }, now) => {
    const read = readWhatIf(texts, aroundOf(predict, now))
    if ('problems' in read) throw new PlimsollError('PLM_WHAT_IF', read.problems)
    const { release, ...rest } = read.assumed
    if (release === undefined) return rest
    return { ...rest, release, digest: await findRelease(plimsoll, service, release) }
  }

/** How far load stays below what runs carries, and for how long; also under assumptions. */
export function headroomRoutes(app: App, plimsoll: Plimsoll): void {
  const { world } = plimsoll
  const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())])
  const query = z.object({ service: z.string().optional(), whatIf: texts.optional() })
  app.get(
    '/api/headroom',
    { schema: { querystring: query, response: { 200: headroomView } } },
    async ({ query: { service, whatIf } }) => {
      if (service !== undefined && !(await readService(world.journal, service)))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no service ${service}`)
      if (whatIf === undefined) return viewHeadroom(world, service)
      return viewHeadroom(world, service, assuming(plimsoll, whatIf))
    },
  )
}
