import { neverFiring } from '../watch/index.ts'
import { type Finding, finding } from './finding.ts'
import type { ServiceConfig } from './schema.ts'

/** Alerts that can never fire: not refused, since the others can, but said. */
export const findNeverFiring = ({ slos }: Pick<ServiceConfig, 'slos'>): readonly Finding[] =>
  slos.flatMap((slo, i) =>
    neverFiring(slo).map((text) => finding(['slos', i, 'objective'], `is ${slo.objective}: ${text}`)),
  )
