import { PlimsollError, type Problem } from '../kernel/index.ts'
import { withCalendars } from './calendars.ts'
import { builtInGates, checkConfig } from './check.ts'
import { type EvaluatedConfig, type EvaluateOptions, evaluateConfig } from './evaluate.ts'
import type { Finding } from './finding.ts'
import { locateKeys } from './locate.ts'
import { placeFindings } from './problems.ts'
import type { ServiceConfig } from './schema.ts'

export type ReadConfig = {
  readonly config: ServiceConfig
  /** Worth saying, but no reason to refuse it: secrets that seem to be in clear text. */
  readonly notes: readonly Problem[]
  readonly evaluated: EvaluatedConfig
}

/**
 * Checks what was evaluated, and reads the files that it names.
 * @param gates names of the gates that exist
 * @throws PlimsollError PLM_CONFIG_INVALID with every problem there is
 */
async function acceptConfig(
  evaluated: EvaluatedConfig,
  folder: string,
  now: number,
  gates: readonly string[] = builtInGates,
): Promise<Omit<ReadConfig, 'evaluated'>> {
  const { file, source, value, odd } = evaluated
  const checked = checkConfig(value, odd, gates)
  const locate = await locateKeys(file, source)
  const refuse = (problems: readonly Finding[]) =>
    new PlimsollError('PLM_CONFIG_INVALID', placeFindings(problems, file, locate))
  if (!checked.config) throw refuse(checked.problems)
  const whole = await withCalendars(checked.config, folder, now)
  if (whole.problems.length > 0) throw refuse(whole.problems)
  return { config: whole.config, notes: placeFindings(checked.notes, file, locate) }
}

/**
 * Evaluates and checks the configuration of a repository.
 * @throws PlimsollError PLM_CONFIG_MISSING, PLM_CONFIG_FAILED, PLM_CONFIG_INVALID
 *
 * @example
 * const { config } = await readConfig({ folder: '.' })
 */
export async function readConfig(
  options: EvaluateOptions & {
    readonly gates?: readonly string[]
    /** Calendars are read from this moment on. */
    readonly now?: number
  },
): Promise<ReadConfig> {
  const evaluated = await evaluateConfig(options)
  const { folder, now = Date.now(), gates } = options
  return { ...(await acceptConfig(evaluated, folder, now, gates)), evaluated }
}
