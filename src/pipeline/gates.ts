import { type Evidence, fail, type Gate, inconclusive, pass, type Verdict } from '../kernel/index.ts'
import { testsBody } from './plan/evidence.ts'

const newest = (evidence: readonly Evidence[], kind: string): Evidence | undefined =>
  evidence.filter((one) => one.kind === kind).sort((a, b) => b.at - a.at)[0]

function judgeTests(evidence: readonly Evidence[]): Verdict {
  const known = newest(evidence, 'tests')
  if (!known) return inconclusive('no tests are known of this release')
  const body = testsBody.safeParse(known.body)
  if (!body.success) return inconclusive('what is known of its tests cannot be read')
  const { passed, failed, skipped, run } = body.data
  const numbers = { passed, failed, skipped }
  const ran = passed + failed
  if (failed > 0) return fail(`${failed} of ${ran} tests failed in run ${run}`, { numbers })
  if (ran === 0) return inconclusive(`no test ran in run ${run}`, { numbers })
  return pass(known.id)
}

/** Holds when the newest tests of the release ran, and none failed. */
export const testsGate: Gate<unknown> = {
  name: 'tests',
  needs: ['tests'],
  judge: (_config, _question, evidence) => judgeTests(evidence),
}
