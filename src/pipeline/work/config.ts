import type { ConfigSpec, WorkEnd } from '../plan/work.ts'
import type { WorkDeps } from './deps.ts'

/** Evaluates the configuration of the change. */
export async function readConfig(spec: ConfigSpec, deps: WorkDeps, signal: AbortSignal): Promise<WorkEnd> {
  const found = await deps.evaluate(spec.service, spec.change, signal)
  return 'problems' in found ? { is: 'problems', ...found } : { is: 'config', ...found }
}
