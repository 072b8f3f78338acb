import type { ServiceConfig } from '../../config/schema.ts'
import type { Instant } from '../../kernel/index.ts'
import type { Finding, FutureKind } from '../../predict/index.ts'
import type { World } from '../world.ts'
import { foreseeBudgets } from './budgets.ts'
import { foreseeCertificates } from './certificates.ts'
import { foreseeFilling } from './filling.ts'
import { foreseeHeadroom } from './headroom.ts'
import { foreseePipeline } from './pipeline.ts'

/** A service in an environment, as its protected branch has it. */
export type ForeseenPlace = {
  readonly service: string
  readonly environment: string
  readonly config: ServiceConfig
}

/** Says what is coming somewhere. What it throws leaves everything of its kinds as it was. */
export type Foreteller = (world: World, place: ForeseenPlace, at: Instant) => Promise<readonly Finding[]>

/** All there are, each with the kinds that it alone tells of: what it tells of no more is gone. */
export const foretellers: readonly { readonly kinds: readonly FutureKind[]; readonly foresee: Foreteller }[] =
  [
    { kinds: ['headroom'], foresee: foreseeHeadroom },
    { kinds: ['budget'], foresee: foreseeBudgets },
    { kinds: ['disk', 'memory', 'files', 'connections', 'queue'], foresee: foreseeFilling },
    { kinds: ['certificate'], foresee: foreseeCertificates },
    { kinds: ['pipeline'], foresee: foreseePipeline },
  ]
