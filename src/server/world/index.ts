import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSecrets } from '../../config/secrets.ts'
import type { AllCommands, Engine } from '../../engine/index.ts'
import type { World } from '../../flow/world.ts'
import { cookieVariable } from '../../host/index.ts'
import { type Clock, type Json, PlimsollError } from '../../kernel/index.ts'
import { createPosts } from '../../notify/index.ts'
import { createWork, type Work } from '../../pipeline/index.ts'
import { createCarried, createLoads, createPeaks } from '../../predict/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import type { Store } from '../../store/index.ts'
import { createBudgets } from '../../watch/index.ts'
import type { Home } from '../home.ts'
import { createComparisons } from './comparisons.ts'
import { evaluateChange } from './evaluate.ts'
import { createGateways, type GatewayHost } from './gateways.ts'
import { createHistory } from './history.ts'
import { createInstances } from './instances.ts'
import { lastLines } from './last-lines.ts'
import { createLoadTests } from './load-tests.ts'
import { createSpikes, spikeSecret, spikeSecretValue } from './spikes.ts'
import { createTraces, type TracesSettings } from './traces.ts'

export type RealWorld = World & {
  readonly gateways: GatewayHost
  readonly commands: AllCommands
  readonly work: Work
  readonly posts: ReturnType<typeof createPosts>
}

const keptPrefix = 'kept/'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** This machine as the stories see it. */
export function createWorld(
  home: Home,
  { store, series }: { readonly store: Store; readonly series: SeriesStore },
  { commands, engine }: { readonly commands: AllCommands; readonly engine: Engine },
  clock: Clock,
  cookie: string,
  traces?: TracesSettings,
): RealWorld {
  const { journal, evidence, blobs } = store
  const secrets = openSecrets({ file: home.secrets, env: process.env })
  const has = (name: string) =>
    secrets.resolve([name]).then(
      () => true,
      () => false,
    )
  const work = createWork({
    engine,
    folder: home.work,
    blobs,
    evidence,
    kept: {
      get: async (name) => (await journal.note(`${keptPrefix}${name}`)) as `sha256:${string}` | undefined,
      set: (name, outputs) => journal.setNote(`${keptPrefix}${name}`, outputs satisfies Json),
    },
    evaluate: evaluateChange(home.work, blobs),
    hasSecret: has,
  })
  /** Those of spikes lie in their folders; others where the team keeps them. */
  const resolve: World['secrets'] = async (names) => {
    const configured = names.filter((name) => !spikeSecret.test(name))
    const own = names.flatMap((name) => {
      const [, spike = '', variable = ''] = spikeSecret.exec(name) ?? []
      return spike === '' ? [] : [{ name, spike, variable }]
    })
    const values = await Promise.all(
      own.map(async ({ name, spike, variable }) => {
        const value = await spikeSecretValue(home.spikes, spike, variable)
        if (value === undefined)
          throw new PlimsollError('PLM_SECRET_MISSING', `${variable} of ${spike} has no value any more`)
        return [name, value] as const
      }),
    )
    return Object.fromEntries([...(await secrets.resolve(configured)), ...values])
  }
  return {
    clock,
    journal,
    evidence,
    blobs,
    commands,
    work,
    comparisons: createComparisons({ root: home.work, blobs, commands, secrets: resolve }),
    loadTests: createLoadTests({ root: home.work, blobs, commands, secrets: resolve }),
    gateways: createGateways(home.gateways, '127.0.0.1', version, { [cookieVariable]: `${cookie}:gateway` }),
    spikes: createSpikes({ root: home.spikes, jobs: home.jobs, data: home.data, commands }),
    instances: createInstances({ releases: home.releases, jobs: home.jobs }, blobs, engine, clock),
    history: createHistory(home.repositories),
    budgets: createBudgets(series, resolve),
    loads: createLoads(series),
    peaks: createPeaks(series),
    carried: createCarried(series),
    ...(traces ? { traces: createTraces(traces, version) } : {}),
    posts: createPosts({ now: clock.now, secrets: resolve }),
    secrets: resolve,
    dataFolder(service, environment, target) {
      const folder = join(home.data, `${service}.${environment}`)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      // Nobody else gets as far as this folder; the containers that do may have users of their own.
      if (target === 'docker') chmodSync(folder, 0o777)
      return folder
    },
    lastLines: (key, count) => lastLines(commands, key, count),
    jobFolder: (key) => join(home.work, ...key.split('/').slice(1)),
    tidy: (run) => work.tidy(run),
  }
}

export const newOwner = (): string => `server-${process.pid}-${randomBytes(4).toString('hex')}`
