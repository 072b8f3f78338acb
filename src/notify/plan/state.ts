import type { Found, Instant, Key } from '../../kernel/index.ts'
import type { MessageBody } from './message.ts'

type Secret = { readonly secret: string }

/** Where messages go, and what they are signed with. */
export type PostTarget = { readonly url: string | Secret; readonly key: Secret }

/** One try to deliver a message. */
export type PostSpec = PostTarget & { readonly id: string; readonly body: string; readonly timeoutMs: number }

/** What came of it. `failed`: there was no answer, and why, without the address. */
export type PostEnd =
  | { readonly is: 'answered'; readonly status: number }
  | { readonly is: 'failed'; readonly because: string }

/** A message on its way. */
export type Outgoing = {
  readonly body: MessageBody
  readonly cameAt: Instant
  readonly tries: number
  /** Not before: it was tried in vain. */
  readonly nextAt?: Instant
  /** What came of the last try. */
  readonly failed?: string
}

export type GivenUp = {
  readonly id: string
  readonly type: string
  readonly at: Instant
  readonly tries: number
  readonly because: string
}

/** The journal's state of one webhook of a service: its messages, in order, until each is delivered or given up. */
export type NotifierState = {
  readonly service: string
  readonly name: string
  readonly queue: readonly Outgoing[]
  /** The first of the queue is being sent, in so many-eth try of this webhook. */
  readonly sending?: number
  /** Tries of this webhook so far: no two have the same key. */
  readonly posts: number
  /** Up to this event of the journal everything was taken. */
  readonly seq: number
  readonly delivered: number
  readonly deliveredAt?: Instant
  /** The latest that were given up, newest first. */
  readonly givenUp: readonly GivenUp[]
  /** Of all times. */
  readonly lost: number
}

export type NotifierSeen = {
  /** Of the try that goes on. */
  readonly found: Found<PostEnd>
  /** Undefined: the configuration has no such webhook any more. */
  readonly target: PostTarget | undefined
}

export type NotifierCommand =
  | { readonly is: 'tell'; readonly seq: number; readonly body: MessageBody }
  /** A person tries it. */
  | { readonly is: 'ping'; readonly body: MessageBody }

export const notifierId = (service: string, name: string): string => `${service}.${name}`
export const postKey = ({ service, name }: Pick<NotifierState, 'service' | 'name'>, post: number): Key =>
  `notifier/${notifierId(service, name)}/${post}`

export const newNotifier = (service: string, name: string): NotifierState => ({
  service,
  name,
  queue: [],
  posts: 0,
  seq: 0,
  delivered: 0,
  givenUp: [],
  lost: 0,
})
