import { z } from 'zod'
import {
  type HeartbeatRequest,
  heartbeatAnswer,
  heartbeatRequest,
  longestMessage,
} from '../../contract/index.ts'
import { expectHeartbeats, heartbeatsIn } from '../../flow/heartbeats.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { heartbeatRef } from '../../flow/records.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { type Instant, nearest, PlimsollError } from '../../kernel/index.ts'
import type { HeartbeatCommand } from '../../watch/index.ts'
import { type App, heartbeatRoute } from './app.ts'

type Job = { readonly service: string; readonly environment: string; readonly name: string }

/** What was told later than this is of no use any more. */
const oldestMs = 7 * 86_400_000

async function allJobs(world: World): Promise<readonly Job[]> {
  const services = await world.journal.list({ kind: 'service' })
  return services.flatMap(({ state }) => {
    const { name: service, guard } = state as unknown as ServiceState
    return heartbeatsIn(guard?.config).map(({ environment, heartbeat: { name } }) => ({
      ...{ service, environment, name },
    }))
  })
}

const textOf = ({ service, environment }: Job): string => `${environment} of ${service}`

/** The one job that is meant. @throws PLM_NOT_FOUND, or PLM_USAGE when it may be any of several */
async function findJob(world: World, name: string, said: HeartbeatRequest): Promise<Job> {
  const all = await allJobs(world)
  const named = all.filter((one) => one.name === name)
  const [only, ...others] = named.filter(
    ({ service, environment }) =>
      (said.service ?? service) === service && (said.environment ?? environment) === environment,
  )
  if (!only) {
    const there = named.length > 0 ? `; there is one in ${named.map(textOf).join(', and in ')}` : ''
    const meant = nearest(
      name,
      all.map((one) => one.name),
    )
    const text = `no service has a heartbeat ${name}${said.environment ? ` in ${said.environment}` : ''}${there}`
    throw new PlimsollError('PLM_NOT_FOUND', [{ text, ...(meant ? { didYouMean: meant } : {}) }])
  }
  if (others.length === 0) return only
  throw new PlimsollError(
    'PLM_USAGE',
    `${name} may be that in ${[only, ...others].map(textOf).join(', or in ')}: say service and environment`,
  )
}

/** A clock that is ahead does not make a job run in the future. */
function commandOf(said: HeartbeatRequest, now: Instant): HeartbeatCommand {
  const { is = 'success', at = now, run, exitCode, message } = said
  if (now - at > oldestMs)
    throw new PlimsollError('PLM_USAGE', `at is ${new Date(at).toISOString()}, which is more than a week ago`)
  return {
    ...{ is, at: Math.min(at, now), run, exitCode },
    message: message?.slice(-longestMessage),
  }
}

/** Jobs tell that they run; a token of the role `heartbeats` may do so, and nothing else. */
export function heartbeatRoutes(app: App, { world, runner }: Plimsoll): void {
  app.post(
    heartbeatRoute,
    {
      bodyLimit: 2_000_000,
      schema: {
        params: z.object({ name: z.string() }),
        querystring: heartbeatRequest,
        body: heartbeatRequest.nullish(),
        response: { 200: heartbeatAnswer },
      },
    },
    async ({ params: { name }, query, body }) => {
      const said = { ...query, ...body }
      const job = await findJob(world, name, said)
      const command = commandOf(said, world.clock.now())
      // One that was configured a moment ago.
      await expectHeartbeats(world, runner, job.service)
      await runner.tell(heartbeatRef(job.service, job.environment, name), command)
      return { schemaVersion: 1 as const, ...job }
    },
  )
}
