import type { DeploymentState } from '../deploy/index.ts'
import { type Digest, type Json, momentIn } from '../kernel/index.ts'
import {
  type DeploymentType,
  deploymentSentence,
  isWanted,
  type MessageBody,
  type MessageType,
  messageTypeOf,
  type NotifierCommand,
  type NotifierConfig,
  newNotifier,
} from '../notify/index.ts'
import type { ProvenanceBody } from '../pipeline/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { notifierRef, readDeployment, readService } from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'
import { zoneIn } from './zone.ts'

type EventBody = { readonly service?: string; readonly environment?: string; readonly because?: string } & {
  readonly deployment?: string
  readonly gate?: string
  readonly owner?: string
  readonly reason?: string
  readonly until?: number
}

/** Those whom the protected branch's configuration names. */
export const notifiersOf = async (world: World, service: string): Promise<readonly NotifierConfig[]> =>
  (await readService(world.journal, service))?.guard?.config.notify ?? []

async function aboutDeployment(
  world: World,
  { id, kind, release, actor, reason }: DeploymentState,
): Promise<NonNullable<MessageBody['deployment']>> {
  const [from] = await world.evidence.about(release as Digest, ['provenance'])
  const { change = '', subject = '' } = (from?.body ?? {}) as Partial<ProvenanceBody>
  return { id, kind, release, commit: change, subject, actor, reason }
}

const iso = (at: number): string => new Date(at).toISOString()

const isDeployment = (type: MessageType): type is DeploymentType => type.startsWith('deployment.')

async function deploymentMessage(
  world: World,
  type: DeploymentType,
  state: DeploymentState,
  because: string | undefined,
): Promise<Partial<MessageBody> & Pick<MessageBody, 'text' | 'page'>> {
  const deployment = await aboutDeployment(world, state)
  const place = `${state.environment} of ${state.service}`
  return {
    deployment,
    text: deploymentSentence(type, deployment, place, because),
    page: `/deployments/${encodeURIComponent(state.id)}`,
    ...(because ? { because } : {}),
  }
}

function gateMessage(
  type: MessageType,
  { gate = '', owner = '', reason, until, environment, service }: EventBody,
  timeZone: string,
): Partial<MessageBody> & Pick<MessageBody, 'text' | 'page'> {
  const place = `${environment} of ${service}`
  const text =
    type === 'gate.waived'
      ? `${owner} waived gate ${gate} of ${place}${until === undefined ? '' : ` until ${momentIn(timeZone, until)}`}: ${reason}`
      : `gate ${gate} of ${place} holds again`
  return {
    text,
    page: '/',
    gate: {
      name: gate,
      owner,
      ...(reason ? { reason } : {}),
      ...(until === undefined ? {} : { until: iso(until) }),
    },
  }
}

/** What is told of an event; undefined when nobody is told of such. */
async function messageOf(
  world: World,
  event: StoredEvent,
  body: EventBody,
): Promise<MessageBody | undefined> {
  const state = body.deployment ? await readDeployment(world.journal, body.deployment) : undefined
  const type = messageTypeOf(event.type, (state?.rail.length ?? 0) > 0)
  if (!type || !body.service) return undefined
  if (isDeployment(type) && !state) return undefined
  const { service, environment } = body
  const timeZone = await zoneIn(world, service)
  return {
    schemaVersion: 1,
    id: `${service}.${event.seq}.${event.at}`,
    type,
    at: iso(event.at),
    timeZone,
    service,
    ...(environment ? { environment } : {}),
    ...(isDeployment(type) && state
      ? await deploymentMessage(world, type, state, body.because)
      : gateMessage(type, body, timeZone)),
  }
}

/** Hands a message to a notifier's outbox; durable when it returns. */
export async function handOver(
  runner: Runner,
  service: string,
  name: string,
  command: NotifierCommand,
): Promise<void> {
  const of = notifierRef(service, name)
  await runner.create(of, newNotifier(service, name) as unknown as Json)
  await runner.tell(of, command)
}

type AlertEvent = {
  readonly id: string
  readonly service: string
  readonly environment?: string
  readonly type: MessageType
  readonly to: readonly string[]
  readonly text: string
  readonly goesOn: NonNullable<MessageBody['goesOn']>
  readonly alerts: readonly {
    readonly environment: string
    readonly slo: string
    readonly window: string
    readonly severity: 'page' | 'ticket'
    readonly text: string
    readonly next: string
    readonly changes: readonly string[]
    readonly evidence?: readonly string[]
    readonly owner?: string
    readonly firedAt: number
    readonly healthyAt?: number
    readonly resolvedAt?: number
  }[]
}

const alertBody = ({
  environment,
  slo,
  window,
  severity,
  text,
  next,
  changes,
  evidence,
  owner,
  ...times
}: AlertEvent['alerts'][number]) => ({
  environment,
  slo,
  window,
  severity,
  text,
  next,
  changes: [...changes],
  ...(evidence === undefined ? {} : { evidence: [...evidence] }),
  ...(owner === undefined ? {} : { owner }),
  firedAt: iso(times.firedAt),
  ...(times.healthyAt === undefined ? {} : { healthyAt: iso(times.healthyAt) }),
  ...(times.resolvedAt === undefined ? {} : { resolvedAt: iso(times.resolvedAt) }),
})

/** Hands what is told of alerts to those to whom it is told: named ones, or all who want to hear of such. */
async function tellOfAlerts(event: StoredEvent, world: World, runner: Runner): Promise<void> {
  const { id, service, environment, type, to, text, alerts, goesOn } = event.body as AlertEvent
  const about = new URLSearchParams({ service, ...(environment ? { environment } : {}) })
  const body: MessageBody = {
    schemaVersion: 1,
    id,
    type,
    at: iso(event.at),
    timeZone: await zoneIn(world, service),
    service,
    ...(environment ? { environment } : {}),
    text,
    page: `/alerts?${about}`,
    ...(alerts.length > 0 ? { alerts: alerts.map(alertBody) } : {}),
    ...(goesOn.length > 0 ? { goesOn } : {}),
  }
  for (const { name, on } of await notifiersOf(world, service)) {
    const isAsked = to.length > 0 ? to.includes(name) : isWanted(on, type, alerts[0]?.severity)
    if (isAsked) await handOver(runner, service, name, { is: 'tell', seq: event.seq, body })
  }
}

/** Tells everybody who wants to know. What was told before is not told again. */
export async function notifyOf(event: StoredEvent, world: World, runner: Runner): Promise<void> {
  if (event.type === 'alert.told') return tellOfAlerts(event, world, runner)
  const body = event.body as EventBody
  if (!body.service || messageTypeOf(event.type, true) === undefined) return
  const notifiers = await notifiersOf(world, body.service)
  const message = notifiers.length > 0 ? await messageOf(world, event, body) : undefined
  if (!message) return
  for (const { name, on } of notifiers) {
    if ((on as readonly string[]).includes(message.type))
      await handOver(runner, body.service, name, { is: 'tell', seq: event.seq, body: message })
  }
}
