import { z } from 'zod'
import { nameSchema, secretNameSchema } from '../kernel/index.ts'
import { type MessageType, messageTypes, usualTypes } from './plan/message.ts'

const anAddress = "expected an address that begins with https:// or http://, or secret('NAME')"
const plainAddress = z
  .string({ error: anAddress })
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), { error: anAddress })
/** Many addresses are secrets themselves. */
const address = z.union([secretNameSchema, plainAddress], { error: anAddress })

const types = <const T extends readonly MessageType[]>(all: T, usual: readonly T[number][]) =>
  z
    .array(z.enum(all))
    .min(1)
    .default([...usual])

const alertTypes = ['alert.page', 'alert.ticket', 'alert.resolved'] as const

/** Who is told of what, by a POST that is signed. */
const webhookConfig = z
  .object({
    kind: z.literal('webhook'),
    name: nameSchema.default('webhook'),
    url: address,
    /** Messages are signed with it. */
    key: secretNameSchema,
    /** Everything but `watch.alive` when not given. */
    on: types(messageTypes, usualTypes),
  })
  .strict()

/** A channel of Slack, by an incoming webhook. */
const slackConfig = z
  .object({
    kind: z.literal('slack'),
    name: nameSchema.default('slack'),
    url: address,
    on: types(messageTypes, usualTypes),
  })
  .strict()

const pagerDutyTypes = [...alertTypes, 'deployment.passed', 'deployment.rolledBack'] as const

/** Alerts as incidents of a PagerDuty service, deployments as its changes. */
const pagerDutyConfig = z
  .object({
    kind: z.literal('pagerDuty'),
    name: nameSchema.default('pagerDuty'),
    /** The integration key. */
    key: secretNameSchema,
    url: plainAddress.default('https://events.pagerduty.com'),
    on: types(pagerDutyTypes, ['alert.page', 'alert.resolved']),
  })
  .strict()

const aServer = "expected a server such as 'smtp://mail.example.org:587' or 'smtps://mail.example.org:465'"
const aMailbox = "expected an address such as 'team@example.org'"
/** `Ada <ada@example.org>`, or the address alone. Nothing that could begin another header. */
const mailbox = z
  .string({ error: aMailbox })
  .regex(/^(?:[^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, aMailbox)

/** Mail, by a server that speaks SMTP. */
const emailConfig = z
  .object({
    kind: z.literal('email'),
    name: nameSchema.default('email'),
    server: z.string({ error: aServer }).refine(
      (text) => {
        const { protocol = '', hostname, username } = URL.parse(text) ?? {}
        return /^smtps?:$/.test(protocol) && Boolean(hostname) && username === ''
      },
      { error: aServer },
    ),
    /** Mail goes in clear text to a server that cannot encrypt; else that is a failure. */
    plain: z.boolean().default(false),
    signIn: z
      .object({ user: z.union([secretNameSchema, z.string().min(1)]), password: secretNameSchema })
      .strict()
      .optional(),
    from: mailbox,
    to: z.array(mailbox).min(1),
    on: types(messageTypes, alertTypes),
  })
  .strict()
  .refine(({ plain, signIn }) => !plain || signIn === undefined, {
    error: 'expected none with plain: true: a password does not go in clear text',
    path: ['signIn'],
  })

/** Alerts to an Alertmanager, as a Prometheus sends them. */
const alertmanagerConfig = z
  .object({
    kind: z.literal('alertmanager'),
    name: nameSchema.default('alertmanager'),
    url: address,
    /** The whole header: `Bearer …` or `Basic …`. */
    authorization: secretNameSchema.optional(),
    on: types(alertTypes, alertTypes),
  })
  .strict()

/** An address that is asked again and again while all this works; whoever is behind it alerts when nothing comes. */
const heartbeatConfig = z
  .object({
    kind: z.literal('heartbeat'),
    name: nameSchema.default('heartbeat'),
    url: address,
    on: z.tuple([z.literal('watch.alive')]).default(['watch.alive']),
  })
  .strict()

const kinds = [
  webhookConfig,
  slackConfig,
  pagerDutyConfig,
  emailConfig,
  alertmanagerConfig,
  heartbeatConfig,
] as const

/** Everybody who is told of what happens to a service. That names differ is checked across all of them. */
export const notifyConfig = z.array(
  z.discriminatedUnion('kind', kinds, {
    error:
      'expected webhook({ … }), slack({ … }), pagerDuty({ … }), email({ … }), alertmanager({ … }) or heartbeat({ … })',
  }),
)

export type NotifierConfig = z.output<typeof notifyConfig>[number]
export type NotifierKind = NotifierConfig['kind']
