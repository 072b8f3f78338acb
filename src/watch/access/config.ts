import { z } from 'zod'
import { secretNameSchema } from '../../kernel/index.ts'
import { addressSchema } from '../probes/config.ts'

const aHeader = 'expected the name of a header, such as X-Scope-OrgID'
const aReason =
  "expected why that is in order, in a few words: 'a certificate of its own, in a closed network'"
const isPem = (text: string): boolean => text.includes('-----BEGIN CERTIFICATE-----')

/** How a place is asked that does not answer everybody. */
export const accessShape = {
  /** Sent as `Authorization: Bearer …`. */
  bearer: secretNameSchema.optional(),
  basic: z
    .object({ user: z.string().min(1), password: secretNameSchema })
    .strict()
    .optional(),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, aHeader),
      z.union([z.string(), secretNameSchema], { error: "expected text or secret('NAME')" }),
    )
    .optional(),
  /** Whoever signed its certificate, in PEM; instead of all that this machine trusts. */
  ca: z
    .union(
      [
        z
          .string()
          .refine(isPem, 'expected a certificate in PEM, that begins with -----BEGIN CERTIFICATE-----'),
        secretNameSchema,
      ],
      { error: "expected a certificate in PEM, or secret('NAME')" },
    )
    .optional(),
  /** Why its certificate need not be trusted, or secrets may go there in clear. */
  insecure: z.string({ error: aReason }).trim().min(10, aReason).optional(),
} as const

export const accessConfig = z.object(accessShape).strict()
export type AccessConfig = z.output<typeof accessConfig>

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)

const saysSecret = ({ bearer, basic, headers = {} }: AccessConfig): boolean =>
  bearer !== undefined ||
  basic !== undefined ||
  Object.values(headers).some((value) => typeof value !== 'string')

/** What is wrong with asking a place so; key, and text. @param url absolute; undefined where that is not known */
export function accessProblems(
  access: AccessConfig,
  url: string | undefined,
): readonly (readonly [key: string, text: string])[] {
  const place = url === undefined ? null : URL.parse(url)
  const inClear = place?.protocol === 'http:' && !isLoopback(place.hostname)
  const both = access.bearer !== undefined && access.basic !== undefined
  return [
    ...(both ? [['basic', 'expected either bearer or basic: there is one header for both'] as const] : []),
    ...(place && (place.username || place.password)
      ? [['url', "expected no user and password in it: basic: { user, password: secret('NAME') }"] as const]
      : []),
    ...(inClear && saysSecret(access) && access.insecure === undefined
      ? [
          [
            'url',
            'expected https://, since a secret would go there in clear; insecure says why that is in order',
          ] as const,
        ]
      : []),
  ]
}

const aPrometheus = "expected an address, or { url: '…', bearer: secret('NAME') }"

/** Where a Prometheus is, and how whoever asks it is let in. */
export const prometheusPlace = z
  .union([addressSchema, z.object({ url: addressSchema, ...accessShape }).strict()], { error: aPrometheus })
  .superRefine((place, context) => {
    if (typeof place === 'string') return
    for (const [key, message] of accessProblems(place, place.url))
      context.addIssue({ code: 'custom', path: [key], message })
  })
export type PrometheusPlace = z.output<typeof prometheusPlace>
