import { z } from 'zod'
import {
  type Evidence,
  type Gate,
  type GateQuestion,
  inconclusive,
  pass,
  type Reason,
  shortDigest,
  type Verdict,
} from '../kernel/index.ts'
import { comparisonEvidence } from './plan/compare/evidence.ts'

/** Body of evidence of the kind `loadLine`: the first of its service, or compared with what ran. */
export const loadLineBody = z.discriminatedUnion('is', [
  z.object({ is: z.literal('baseline'), text: z.string() }),
  comparisonEvidence.extend({
    is: z.literal('compared'),
    /** Its page; absent when it was imported. */
    comparison: z.string().optional(),
    importedBy: z.string().optional(),
  }),
])

export type LoadLineBody = z.output<typeof loadLineBody>
type LoadLineReason = z.output<typeof comparisonEvidence>['reasons'][number]

/** Whether there is nothing to compare with: nothing runs there yet, or this very release. */
export const isBaseline = ({ release, live }: GateQuestion): boolean => live === undefined || live === release

/** The newest evidence about the release and what runs now, with its body. */
function newestAbout(question: GateQuestion, evidence: readonly Evidence[]): Evidence | undefined {
  const against = isBaseline(question) ? undefined : question.live
  return evidence
    .filter(({ kind, about }) => kind === 'loadLine' && about.against === against)
    .sort((a, b) => b.at - a.at)[0]
}

const plainReason = ({ text, numbers, next }: LoadLineReason): Reason => ({
  text,
  ...(numbers ? { numbers } : {}),
  ...(next === undefined ? {} : { next }),
})

function judgeLoadLine(question: GateQuestion, evidence: readonly Evidence[]): Verdict {
  const known = newestAbout(question, evidence)
  if (!known)
    return isBaseline(question)
      ? inconclusive('it is not recorded as the baseline yet')
      : inconclusive(
          `its load line was not compared with that of ${shortDigest(question.live ?? '')}, which runs`,
        )
  const body = loadLineBody.safeParse(known.body)
  if (!body.success) return inconclusive('what is known of its load line cannot be read')
  if (body.data.is === 'baseline' || body.data.verdict === 'pass') return pass(known.id)
  const { verdict, text, reasons } = body.data
  return { is: verdict, reasons: [{ text }, ...reasons.map(plainReason)] }
}

/**
 * Holds when the release carries no less than what runs, beyond the margin of the comparison. The first release of a
 * service is the baseline.
 */
export const loadLineGate: Gate<unknown> = {
  name: 'loadLine',
  needs: ['loadLine'],
  judge: (_config, question, evidence) => judgeLoadLine(question, evidence),
}
