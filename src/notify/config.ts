import { z } from 'zod'
import { nameSchema, secretNameSchema } from '../kernel/index.ts'
import { messageTypes, usualTypes } from './plan/message.ts'

const anAddress = "expected an address that begins with https:// or http://, or secret('NAME')"
const address = z
  .string({ error: anAddress })
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), { error: anAddress })

/** Who is told of what, by a POST that is signed. */
export const webhookConfig = z
  .object(
    {
      kind: z.literal('webhook'),
      name: nameSchema.default('webhook'),
      /** Many addresses are secrets themselves. */
      url: z.union([secretNameSchema, address], { error: anAddress }),
      /** Messages are signed with it. */
      key: secretNameSchema,
      /** Everything but `watch.alive` when not given. */
      on: z
        .array(z.enum(messageTypes))
        .min(1)
        .default([...usualTypes]),
    },
    { error: "expected webhook({ url: secret('…'), key: secret('…') })" },
  )
  .strict()

const isUnique = (all: readonly { readonly name: string }[]): boolean =>
  new Set(all.map(({ name }) => name)).size === all.length

/** Everybody who is told of what happens to a service. */
export const notifyConfig = z
  .array(webhookConfig)
  .refine(isUnique, { error: 'expected names that differ: webhook({ name: … })' })

export type WebhookConfig = z.output<typeof webhookConfig>
