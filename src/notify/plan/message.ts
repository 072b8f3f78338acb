import { z } from 'zod'

/** What one can be told of. */
export const messageTypes = [
  'deployment.started',
  'deployment.waiting',
  'deployment.held',
  'deployment.goingBack',
  'deployment.passed',
  'deployment.rolledBack',
  'deployment.refused',
  'gate.waived',
  'gate.waiverEnded',
  'alert.page',
  'alert.ticket',
  'alert.resolved',
  'watch.alive',
] as const
export type MessageType = (typeof messageTypes)[number]

export type DeploymentType = Extract<MessageType, `deployment.${string}`>

/** What is told to whoever has not said what he wants to hear: all but what only says that nothing is wrong. */
export const usualTypes: readonly MessageType[] = messageTypes.filter((type) => type !== 'watch.alive')

/** An alert: what it is about, and what whoever is told does first. */
const alertBody = z.object({
  environment: z.string(),
  slo: z.string(),
  /** How far it looks back: `1h`. */
  window: z.string(),
  severity: z.enum(['page', 'ticket']),
  text: z.string(),
  next: z.string(),
  /** What has changed since it was last well. */
  changes: z.array(z.string()),
  /** By what it is known, where it is seen coming. */
  evidence: z.array(z.string()).optional(),
  /** Who sees to it, where somebody was named. */
  owner: z.string().optional(),
  firedAt: z.iso.datetime(),
  /** When it was last seen well. */
  healthyAt: z.iso.datetime().optional(),
  resolvedAt: z.iso.datetime().optional(),
})

/** The body of what is posted: a published shape. Values of secrets are nowhere in it. */
export const messageBody = z.object({
  schemaVersion: z.literal(1),
  /** The same each time that it is sent: whoever has seen it leaves it. */
  id: z.string(),
  type: z.enum([...messageTypes, 'ping']),
  /** When it happened, in UTC. */
  at: z.iso.datetime(),
  /** Whose clocks tell the times in what is said for people; UTC's when not given. */
  timeZone: z.string().optional(),
  service: z.string(),
  environment: z.string().optional(),
  /** One sentence for people. */
  text: z.string(),
  /** Path of Plimsoll's page about it. */
  page: z.string(),
  deployment: z
    .object({
      id: z.string(),
      kind: z.enum(['deploy', 'promote', 'rollback']),
      release: z.string(),
      commit: z.string(),
      subject: z.string(),
      actor: z.string(),
      reason: z.string(),
    })
    .optional(),
  gate: z
    .object({
      name: z.string(),
      owner: z.string(),
      reason: z.string().optional(),
      until: z.string().optional(),
    })
    .optional(),
  alerts: z.array(alertBody).optional(),
  /** Alerts that somebody was told of and that fire, these included. */
  goesOn: z
    .array(z.object({ environment: z.string(), slo: z.string(), severity: z.enum(['page', 'ticket']) }))
    .optional(),
  /** Why it waits, is held, goes back, or did not go through. */
  because: z.string().optional(),
})

export type MessageBody = z.output<typeof messageBody>
export type AlertBody = NonNullable<MessageBody['alerts']>[number]

/**
 * Whether somebody who wants to hear of `on` wants to hear this. That an alert is over is told to those who heard of it: of
 * its severity, or of no severity in particular.
 */
export function isWanted(on: readonly string[], type: MessageType, severity: string | undefined): boolean {
  if (!on.includes(type)) return false
  if (type !== 'alert.resolved' || severity === undefined) return true
  return on.includes(`alert.${severity}`) || !(on.includes('alert.page') || on.includes('alert.ticket'))
}

/** What a message needs to know of a deployment. */
type About = NonNullable<MessageBody['deployment']>

const verbs: Readonly<Record<DeploymentType, string>> = {
  'deployment.started': 'is being deployed to',
  'deployment.waiting': 'waits to go to',
  'deployment.held': 'is held in',
  'deployment.goingBack': 'is being rolled back in',
  'deployment.passed': 'runs in',
  'deployment.rolledBack': 'was rolled back in',
  'deployment.refused': 'was not deployed to',
}

/** `Drop the column (3f2a91c0d4e5) was rolled back in production of payments: it fails 4 of 20 requests`. */
export function deploymentSentence(
  type: DeploymentType,
  { release, subject }: About,
  place: string,
  because: string | undefined,
): string {
  const short = release.replace(/^sha256:/, '').slice(0, 12)
  const name = subject === '' ? `release ${short}` : `${subject} (${short})`
  return `${name} ${verbs[type]} ${place}${because ? `: ${because}` : ''}`
}

/** Which message an event is; undefined when nobody is told. `began`: of the deployment, that it changed its environment. */
export function messageTypeOf(event: string, began: boolean): MessageType | undefined {
  switch (event) {
    case 'deployment.started':
      return 'deployment.started'
    case 'deployment.waits':
      return 'deployment.waiting'
    case 'deployment.held':
      return 'deployment.held'
    case 'deployment.undoing':
      return 'deployment.goingBack'
    case 'deployment.passed':
      return 'deployment.passed'
    case 'deployment.failed':
    case 'deployment.inconclusive':
    case 'deployment.cancelled':
      return began ? 'deployment.rolledBack' : 'deployment.refused'
    case 'gate.waived':
      return 'gate.waived'
    case 'gate.heldAgain':
    case 'gate.waiverExpired':
      return 'gate.waiverEnded'
    default:
      return undefined
  }
}
