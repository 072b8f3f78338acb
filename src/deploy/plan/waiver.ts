import type { Instant } from '../../kernel/index.ts'

/** A person's decision to let the verdict of a gate through in an environment, until it ends by itself. */
export type Waiver = {
  readonly gate: string
  readonly owner: string
  readonly reason: string
  readonly since: Instant
  readonly until: Instant
}

/** Those that still count. */
export const waiversAt = (waivers: readonly Waiver[] | undefined, now: Instant): readonly Waiver[] =>
  (waivers ?? []).filter(({ until }) => until > now)

/** The one that lets this gate through now. */
export const waiverOf = (
  waivers: readonly Waiver[] | undefined,
  gate: string,
  now: Instant,
): Waiver | undefined => waiversAt(waivers, now).find((one) => one.gate === gate)

/** With one more; a newer one of the same gate takes the place of the older. */
export const withWaiver = (waivers: readonly Waiver[] | undefined, waiver: Waiver): readonly Waiver[] => [
  ...(waivers ?? []).filter(({ gate }) => gate !== waiver.gate),
  waiver,
]
