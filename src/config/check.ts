import type { Json } from '../kernel/index.ts'
import { crossCheck } from './checks.ts'
import { findClearText } from './clearText.ts'
import { checkCosts } from './cost-checks.ts'
import { checkDays } from './day-checks.ts'
import { checkDurations } from './duration-checks.ts'
import { type Finding, finding } from './finding.ts'
import { findOneSize } from './headroom-notes.ts'
import { describeIssue } from './issues.ts'
import { isWithin, type KeyPath } from './keyPath.ts'
import { expectedExport, type ServiceConfig, serviceConfig } from './schema.ts'
import { sketchConfig } from './sketch.ts'
import { findNeverFiring } from './slo-notes.ts'
import { findUnpromised } from './squeeze-notes.ts'
import { findUnproven } from './tests-notes.ts'
import { withZones } from './zones.ts'

/** The gates that environments may name. */
export const builtInGates: readonly string[] = [
  'tests',
  'loadLine',
  'drift',
  'loadTest',
  'errorBudget',
  'headroom',
]

/** A value that JSON cannot say, where it stood (as null), and what it was: `a function`. */
export type OddValue = { readonly path: KeyPath; readonly found: string }

export type Checked = {
  /** Undefined when there are problems. */
  readonly config: ServiceConfig | undefined
  readonly problems: readonly Finding[]
  /** Worth saying, but no reason to refuse it. */
  readonly notes: readonly Finding[]
}

const plainData = 'expected plain data: text, numbers, true or false, lists and objects'

const describeOdd = ({ path, found }: OddValue): Finding =>
  finding(path, `is ${found}, ${path.length === 0 ? expectedExport : plainData}`)

/**
 * Checks a configuration as it was evaluated: pure, and finds everything at once.
 * @param root the value of the default export, as JSON
 * @param odd what of it JSON could not say
 * @param gates names of the gates that exist
 */
export function checkConfig(
  root: Json,
  odd: readonly OddValue[] = [],
  gates: readonly string[] = builtInGates,
): Checked {
  const parsed = serviceConfig.safeParse(root)
  const bySchema = parsed.success ? [] : parsed.error.issues.flatMap((issue) => describeIssue(issue, root))
  const found = [
    ...bySchema,
    ...crossCheck(sketchConfig(root), gates),
    ...checkDays(root),
    ...checkCosts(root),
    ...checkDurations(root),
  ]
  const isOdd = (path: KeyPath): boolean => odd.some((value) => isWithin(path, value.path))
  const problems = [...odd.map(describeOdd), ...found.filter(({ path }) => !isOdd(path))]
  const config = parsed.success && problems.length === 0 ? withZones(parsed.data, root) : undefined
  const silent = parsed.success
    ? [
        ...findUnproven(parsed.data),
        ...findNeverFiring(parsed.data),
        ...findOneSize(parsed.data),
        ...findUnpromised(parsed.data),
      ]
    : []
  return { config, problems, notes: [...findClearText(root), ...silent] }
}
