import { PlimsollError, type Problem } from '../kernel/index.ts'
import { builtInGates, checkConfig } from './check.ts'
import { type EvaluatedConfig, type EvaluateOptions, evaluateConfig } from './evaluate.ts'
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
 * Checks what was evaluated, now or earlier (it can be stored as JSON in between).
 * @param gates names of the gates that exist
 * @throws PlimsollError PLM_CONFIG_INVALID with every problem there is
 */
export async function acceptConfig(
  evaluated: EvaluatedConfig,
  gates: readonly string[] = builtInGates,
): Promise<Omit<ReadConfig, 'evaluated'>> {
  const { file, source, value, odd } = evaluated
  const checked = checkConfig(value, odd, gates)
  const locate = await locateKeys(file, source)
  if (!checked.config)
    throw new PlimsollError('PLM_CONFIG_INVALID', placeFindings(checked.problems, file, locate))
  return { config: checked.config, notes: placeFindings(checked.notes, file, locate) }
}

/**
 * Evaluates and checks the configuration of a repository.
 * @throws PlimsollError PLM_CONFIG_MISSING, PLM_CONFIG_FAILED, PLM_CONFIG_INVALID
 *
 * @example
 * const { config } = await readConfig({ folder: '.' })
 */
export async function readConfig(
  options: EvaluateOptions & { readonly gates?: readonly string[] },
): Promise<ReadConfig> {
  const evaluated = await evaluateConfig(options)
  return { ...(await acceptConfig(evaluated, options.gates)), evaluated }
}
