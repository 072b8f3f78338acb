import type { AccessConfig } from './config.ts'

/** How a place is asked, with the values of its secrets. Never shown, logged or kept. */
export type Access = {
  readonly headers: Readonly<Record<string, string>>
  readonly ca?: string
  /** Its certificate need not be trusted. */
  readonly trustsAnybody: boolean
}

export const openAccess: Access = { headers: {}, trustsAnybody: false }

type Value = string | { readonly secret: string }

/** Names of all secrets that are needed. */
export function secretsOf({ bearer, basic, headers = {}, ca }: AccessConfig): readonly string[] {
  const values: readonly (Value | undefined)[] = [bearer, basic?.password, ca, ...Object.values(headers)]
  return values.flatMap((value) => (typeof value === 'object' ? [value.secret] : []))
}

/** @param secrets values by name; all that `secretsOf` names */
export function accessOf(config: AccessConfig, secrets: Readonly<Record<string, string>>): Access {
  const { bearer, basic, headers = {}, ca, insecure } = config
  const textOf = (value: Value): string => (typeof value === 'string' ? value : (secrets[value.secret] ?? ''))
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOf(value)] as const)
  const pair = basic && Buffer.from(`${basic.user}:${textOf(basic.password)}`).toString('base64')
  return {
    headers: {
      ...Object.fromEntries(named),
      ...(bearer ? { authorization: `Bearer ${textOf(bearer)}` } : {}),
      ...(pair === undefined ? {} : { authorization: `Basic ${pair}` }),
    },
    ...(ca === undefined ? {} : { ca: textOf(ca) }),
    trustsAnybody: insecure !== undefined,
  }
}
