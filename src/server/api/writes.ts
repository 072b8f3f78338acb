import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  cancelRequest,
  continueRequest,
  deployAnswer,
  deployRequest,
  doneAnswer,
  lockRequest,
  waiverRequest,
} from '../../contract/index.ts'
import {
  compatibleName,
  type DeploymentCommand,
  gateName,
  type LaneState,
  laneId,
} from '../../deploy/index.ts'
import { noRollback, noTurningRound, tooOldFor } from '../../flow/compatible.ts'
import { assertRuns, orderDeployment } from '../../flow/orders.ts'
import type { Plimsoll } from '../../flow/plimsoll.ts'
import { deploymentRef, laneRef, readDeployment, readLane, readService, runRef } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { nearest, PlimsollError } from '../../kernel/index.ts'
import type { RunCommand } from '../../pipeline/index.ts'
import type { Tokens } from '../tokens.ts'
import type { App } from './app.ts'
import { type Place, place, releaseFor } from './find.ts'
import { signOffRoutes } from './sign-offs.ts'
import { tokenRoutes } from './tokens.ts'

type Wish = z.infer<typeof deployRequest>

/** A deployment that goes on is turned round; otherwise the release before is brought. */
async function turnRound(
  { runner }: Plimsoll,
  lane: LaneState | undefined,
  actor: string,
  reason: string,
): Promise<string | undefined> {
  const running = lane?.holder?.deployment
  if (!running) return undefined
  const command: DeploymentCommand = { is: 'rollback', actor, reason, evenSo: true }
  return (await runner.tell(deploymentRef(running), command)) ? running : undefined
}

/** With the data as they are it is no way back. @throws PLM_RELEASE_TOO_OLD */
function mustSuitData(because: string | undefined): void {
  if (because !== undefined) throw new PlimsollError('PLM_RELEASE_TOO_OLD', because)
}

/** To cancel a deployment that changes its environment is to turn it round. */
async function mustLetCancel({ world }: Plimsoll, id: string): Promise<void> {
  const state = await readDeployment(world.journal, id)
  const lane = state && (await readLane(world.journal, laneId(state.service, state.environment)))
  mustSuitData(await noTurningRound(world, lane, id))
}

async function deploy(plimsoll: Plimsoll, at: Place, wish: Wish, actor: string): Promise<string> {
  const { world, runner } = plimsoll
  const of = laneRef(at.service, at.environment)
  const lane = await readLane(world.journal, of.id)
  const reason = wish.reason ?? `${wish.kind} by ${actor}`
  if (wish.kind === 'rollback' && !wish.release) {
    mustSuitData(await noRollback(world, lane))
    const turned = await turnRound(plimsoll, lane, actor, reason)
    if (turned) return turned
  }
  const release = await releaseFor(plimsoll, at, wish, lane)
  mustSuitData(await tooOldFor(world, lane, release))
  await assertRuns(world, { ...at, release })
  const name = randomUUID()
  await orderDeployment(world, runner, {
    ...at,
    name,
    release,
    kind: wish.kind,
    actor,
    reason,
    fix: wish.fix,
  })
  return untilCreated(world, (await readLane(world.journal, of.id))?.lastDeployment ?? '')
}

/** A waiver of a gate that the environment does not have would wave nothing through, and somebody think it did. */
async function mustHaveGate(world: World, { service, environment }: Place, gate: string): Promise<void> {
  const config = (await readService(world.journal, service))?.guard?.config
  const own = config?.environments[environment]?.gates.map(gateName)
  const { before, after } = config?.smoke ?? {}
  const checks = [...(before ? ['smokeBefore'] : []), ...(after ? ['smokeAfter'] : [])]
  const gates = own && [...own, compatibleName, ...checks]
  if (!gates) throw new PlimsollError('PLM_NOT_FOUND', `${service} has no environment ${environment}`)
  if (gates.includes(gate)) return
  const meant = nearest(gate, gates)
  const text = `${environment} of ${service} has no gate ${gate}; it has ${gates.join(', ')}`
  throw new PlimsollError('PLM_NOT_FOUND', [{ text, ...(meant ? { didYouMean: meant } : {}) }])
}

/** The order is durable; its deployment is made right after, and whoever asked wants to look at it. */
async function untilCreated({ journal, clock }: World, id: string): Promise<string> {
  const end = clock.now() + 5_000
  while (clock.now() < end && !(await readDeployment(journal, id))) await clock.until(clock.now() + 10)
  return id
}

function environmentRoutes(app: App, plimsoll: Plimsoll): void {
  const { world, runner } = plimsoll
  const base = '/api/services/:service/environments/:environment'
  app.post(
    `${base}/deployments`,
    { schema: { params: place, body: deployRequest, response: { 200: deployAnswer } } },
    async ({ params, body, actor }) => ({
      schemaVersion: 1 as const,
      deployment: await deploy(plimsoll, params, body, actor),
    }),
  )
  app.put(
    `${base}/lock`,
    { schema: { params: place, body: lockRequest, response: { 200: doneAnswer } } },
    async ({ params, body, actor }) => {
      const until = world.clock.now() + (body.forMs ?? 3_600_000)
      const done = await runner.tell(laneRef(params.service, params.environment), {
        is: 'lock',
        owner: actor,
        reason: body.reason,
        until,
      })
      return { schemaVersion: 1 as const, done }
    },
  )
  app.delete(
    `${base}/lock`,
    { schema: { params: place, response: { 200: doneAnswer } } },
    async ({ params, actor }) => {
      const done = await runner.tell(laneRef(params.service, params.environment), {
        is: 'unlock',
        owner: actor,
      })
      return { schemaVersion: 1 as const, done }
    },
  )
}

function waiverRoutes(app: App, { world, runner }: Plimsoll): void {
  const address = '/api/services/:service/environments/:environment/waivers/:gate'
  const params = place.extend({ gate: z.string() })
  app.put(
    address,
    { schema: { params, body: waiverRequest, response: { 200: doneAnswer } } },
    async ({ params: { service, environment, gate }, body: { reason, forMs }, actor }) => {
      await mustHaveGate(world, { service, environment }, gate)
      const until = world.clock.now() + forMs
      const command = { is: 'waive', gate, owner: actor, reason, until }
      return { schemaVersion: 1 as const, done: await runner.tell(laneRef(service, environment), command) }
    },
  )
  app.delete(
    address,
    { schema: { params, response: { 200: doneAnswer } } },
    async ({ params: { service, environment, gate }, actor }) => {
      const command = { is: 'unwaive', gate, owner: actor }
      return { schemaVersion: 1 as const, done: await runner.tell(laneRef(service, environment), command) }
    },
  )
}

/** What can be changed: each with a token, each with its actor on record. */
export function writeRoutes(app: App, plimsoll: Plimsoll, tokens: Tokens): void {
  environmentRoutes(app, plimsoll)
  waiverRoutes(app, plimsoll)
  signOffRoutes(app, plimsoll)
  tokenRoutes(app, tokens)
  const byId = z.object({ id: z.string() })
  app.post(
    '/api/deployments/:id/continue',
    { schema: { params: byId, body: continueRequest, response: { 200: doneAnswer } } },
    async ({ params, body: { reason }, actor }) => {
      const command: DeploymentCommand = { is: 'goOn', actor, reason }
      return {
        schemaVersion: 1 as const,
        done: await plimsoll.runner.tell(deploymentRef(params.id), command),
      }
    },
  )
  app.post(
    '/api/deployments/:id/cancel',
    { schema: { params: byId, body: cancelRequest, response: { 200: doneAnswer } } },
    async ({ params, body: { reason }, actor }) => {
      await mustLetCancel(plimsoll, params.id)
      const command: DeploymentCommand = { is: 'cancel', actor, reason, evenSo: true }
      return {
        schemaVersion: 1 as const,
        done: await plimsoll.runner.tell(deploymentRef(params.id), command),
      }
    },
  )
  app.post(
    '/api/runs/:id/cancel',
    { schema: { params: byId, response: { 200: doneAnswer } } },
    async ({ params, actor }) => {
      const command: RunCommand = { is: 'cancel', by: actor }
      return { schemaVersion: 1 as const, done: await plimsoll.runner.tell(runRef(params.id), command) }
    },
  )
}
