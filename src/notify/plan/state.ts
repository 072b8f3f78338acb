import type { Found, Instant, Key } from '../../kernel/index.ts'
import type { NotifierConfig } from '../config.ts'
import type { AlertBody, MessageBody } from './message.ts'

type WithoutNames<T> = T extends unknown ? Omit<T, 'name' | 'on'> : never

/** Where messages go, and by what. Secrets are names. */
export type PostTarget = WithoutNames<NotifierConfig>

/** One try to deliver a message. */
export type PostSpec = PostTarget & {
  readonly id: string
  /** The message, as JSON. */
  readonly body: string
  /** Where people reach Plimsoll's page: links begin with it. */
  readonly page?: string
  readonly timeoutMs: number
}

/** What came of it. `failed`: there was no answer, and why, without the address. */
export type PostEnd =
  | {
      readonly is: 'answered'
      /** Of HTTP, or of SMTP. */
      readonly status: number
      /** The receiver asks for so much patience. */
      readonly retryAfterMs?: number
      /** Why it was not taken, in the receiver's words. */
      readonly said?: string
      /** It was taken, but not all of it. */
      readonly but?: string
    }
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
  /** It says again what was said, to somebody who forgets: no news. */
  readonly again?: true
}

export type GivenUp = {
  readonly id: string
  readonly type: string
  readonly at: Instant
  readonly tries: number
  readonly because: string
}

/** An alert that was told, when that was delivered. */
export type Delivered = {
  readonly id: string
  readonly at: Instant
  readonly tries: number
  /** Who did not take it nevertheless. */
  readonly but?: string
}

/** The journal's state of one notifier of a service: its messages, in order, until each is delivered or given up. */
export type NotifierState = {
  readonly service: string
  readonly name: string
  readonly queue: readonly Outgoing[]
  /** The first of the queue is being sent, in so many-eth try of this notifier. */
  readonly sending?: number
  /** Tries of this notifier so far: no two have the same key. */
  readonly posts: number
  /** Up to this event of the journal everything was taken. */
  readonly seq: number
  readonly delivered: number
  readonly deliveredAt?: Instant
  /** The latest alerts that were delivered, newest first; absent: none. */
  readonly told?: readonly Delivered[]
  /** Alerts that somebody who forgets was told of and that fire, absent: none; when he is told again. */
  readonly open?: readonly AlertBody[]
  readonly againAt?: Instant
  /** The latest that were given up, newest first. */
  readonly givenUp: readonly GivenUp[]
  /** Of all times. */
  readonly lost: number
}

export type NotifierSeen = {
  /** Of the try that goes on. */
  readonly found: Found<PostEnd>
  /** Undefined: the configuration has no such notifier any more. */
  readonly target: PostTarget | undefined
  readonly page?: string | undefined
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
  told: [],
  open: [],
  givenUp: [],
  lost: 0,
})
