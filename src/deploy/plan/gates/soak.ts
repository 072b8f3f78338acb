import {
  type Awaiting,
  type Evidence,
  fail,
  formatDuration,
  type Gate,
  type GateQuestion,
  type Instant,
  inconclusive,
  pass,
  type Verdict,
} from '../../../kernel/index.ts'
import type { SoakSettings } from './settings.ts'

/** The deployment that brought the release there; its evidence is what a pass names. */
const arrival = ({ service, before }: GateQuestion, evidence: readonly Evidence[]): Evidence | undefined =>
  evidence
    .filter(
      ({ kind, about, body }) =>
        kind === 'deployment' &&
        about.environment === `${service}.${before?.environment}` &&
        (body as { standing?: string }).standing === 'passed',
    )
    .sort((a, b) => b.at - a.at)[0]

/** Holds when the release has run in the environment before for so long, without a rollback and without a crash. */
export const soakGate: Gate<SoakSettings, Verdict | Awaiting> = {
  name: 'soak',
  needs: ['deployment'],
  judge({ for: forMs }, question, evidence, now: Instant) {
    const { before } = question
    if (!before) return inconclusive('it comes after no other environment')
    const { environment, stays, rejectedBy, crashes } = before
    const arrived = arrival(question, evidence)
    if (rejectedBy) return fail(`it was rolled back in ${environment} by ${rejectedBy}`)
    if (!arrived || stays.length === 0) return inconclusive(`it never ran in ${environment}`)
    if (crashes > 0)
      return fail(`its instances in ${environment} crashed ${crashes} times`, { numbers: { crashes } })
    const longestMs = Math.max(...stays.map(({ since, until = now }) => until - since))
    if (longestMs >= forMs) return pass(arrived.id)
    const ran = `${formatDuration(longestMs)} of ${formatDuration(forMs)} in ${environment}`
    if (stays.some(({ until }) => until === undefined))
      return { is: 'waits', because: `it has run for ${ran}` }
    return fail(`it ran for ${ran} only, then it was replaced`, { numbers: { ranMs: longestMs } })
  },
}
