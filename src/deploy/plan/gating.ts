import { allOf, canonicalJson, type Effect, type Json, type Reason } from '../../kernel/index.ts'
import type { DeploymentState, GateSeen } from './state.ts'

/** Whether the gates of an environment let a release through. */
export type Passage =
  | { readonly is: 'open' }
  /** For evidence that is on its way. */
  | { readonly is: 'waits'; readonly because: string }
  | {
      readonly is: 'refused'
      readonly standing: 'failed' | 'inconclusive'
      readonly reasons: readonly Reason[]
    }

/** What the gates want to see and nobody has yet is got; a way back waits for nobody. */
export const askGates = ({ id, kind }: DeploymentState): Effect[] =>
  kind === 'rollback' ? [] : [{ kind: 'gates.ask', key: `deployment/${id}/gates`, spec: {} }]

const reasonsOf = ({ name, verdict }: GateSeen): readonly Reason[] =>
  verdict.is === 'pass'
    ? []
    : verdict.reasons.map((reason) => ({ ...reason, text: `gate ${name}: ${reason.text}` }))

/** All must pass or be waived; one that is sure to refuse is not waited for. */
export function passageThrough(gates: readonly GateSeen[]): Passage {
  const closed = gates.filter((gate) => gate.verdict.is !== 'pass' && !gate.waiver)
  if (closed.length === 0) return { is: 'open' }
  const refused = closed.filter((gate) => gate.pending === undefined)
  if (refused.length === 0)
    return { is: 'waits', because: closed.map(({ name, pending }) => `gate ${name}: ${pending}`).join('; ') }
  const verdict = allOf(refused.map((gate) => gate.verdict))
  const standing = verdict.is === 'fail' ? 'failed' : 'inconclusive'
  return { is: 'refused', standing, reasons: refused.flatMap(reasonsOf) }
}

export const isSame = (a: readonly GateSeen[], b: readonly GateSeen[]): boolean =>
  canonicalJson(a as unknown as Json) === canonicalJson(b as unknown as Json)
