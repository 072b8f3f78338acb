/** When an instance that keeps failing is left alone, and for how long. Times in milliseconds. */
export type EjectionRules = {
  /** So many requests in a row. */
  readonly after: number
  /** The first time. */
  readonly for: number
  readonly atMost: number
  /** Of the instances of a fleet. */
  readonly share: number
}

/** How an instance has treated its requests lately. */
export type Conduct = {
  /** Requests in a row that it failed. */
  streak: number
  /** How often it was ejected, less what it was forgiven since. */
  level: number
  /** In all. */
  ejections: number
  /** It gets no requests until then; in the past when it is not ejected. */
  untilMs: number
  /** How long it was, or is, ejected. */
  lastMs: number
}

export const goodConduct = (): Conduct => ({
  streak: 0,
  level: 0,
  ejections: 0,
  untilMs: Number.NEGATIVE_INFINITY,
  lastMs: 0,
})

export const isEjected = ({ untilMs }: Conduct, nowMs: number): boolean => untilMs > nowMs

/** The share, but one where there are several; never all of them. */
const mostEjected = (members: number, share: number): number =>
  Math.min(members - 1, Math.max(1, Math.floor(members * share)))

/** An instance has failed one more request. */
export function noteFailure(conduct: Conduct): void {
  conduct.streak++
}

/** It has treated one as it should. */
export function noteWell(conduct: Conduct): void {
  conduct.streak = 0
}

/** One is forgiven for each time that it stayed in for as long as it was out before. */
function levelOf({ level, untilMs, lastMs }: Conduct, nowMs: number): number {
  return level === 0 ? 0 : Math.max(0, level - Math.floor((nowMs - untilMs) / lastMs))
}

function eject(conduct: Conduct, rules: EjectionRules, nowMs: number): void {
  conduct.level = levelOf(conduct, nowMs) + 1
  conduct.lastMs = Math.min(rules.atMost, rules.for * 2 ** (conduct.level - 1))
  conduct.untilMs = nowMs + conduct.lastMs
  conduct.ejections++
}

/**
 * Decides after a failure of one whether it is ejected. Where more fail than may be ejected it is nobody's own fault, a
 * dependency's perhaps: nobody is ejected, and those that are come back, since others could do no better.
 * @param members of its fleet, that take requests and whose health checks are well
 * @returns whether it is ejected now
 */
export function judgeConduct(
  one: Conduct,
  members: readonly Conduct[],
  rules: EjectionRules,
  nowMs: number,
): boolean {
  if (one.streak < rules.after || isEjected(one, nowMs) || members.length < 2) return false
  const failing = members.filter((member) => member.streak >= rules.after || isEjected(member, nowMs))
  if (failing.length <= mostEjected(members.length, rules.share)) {
    eject(one, rules, nowMs)
    return true
  }
  for (const member of failing) member.untilMs = Math.min(member.untilMs, nowMs)
  return false
}
