import { type Finding, finding } from './finding.ts'
import type { ServiceConfig } from './schema.ts'

type Config = Pick<ServiceConfig, 'environments' | 'pipeline'>

/** The gate `tests`, which is there unless something else is said, lets nothing through that no job reports. */
export function findUnproven({ environments, pipeline }: Config): readonly Finding[] {
  const jobs = Object.values(pipeline)
  if (jobs.length === 0 || jobs.some(({ reports }) => reports.junit !== undefined)) return []
  const shut = Object.entries(environments).flatMap(([name, { gates }]) =>
    gates.includes('tests') ? [name] : [],
  )
  if (shut.length === 0) return []
  const text = `reports no tests, so that the gate 'tests' lets nothing into ${shut.join(', ')}: a job needs reports: { junit: 'PATTERN' }, or the environment gates: []`
  return [finding(['pipeline'], text)]
}
