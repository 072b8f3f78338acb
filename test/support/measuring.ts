import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EnvironmentRow, LoadTestView } from '../../src/contract/index.ts'
import { type Killing, killingOf } from './killing.ts'
import { type Stage, setStage } from './stage.ts'
import { loadTestEnds, services, until } from './story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

/** A service with a performance environment that measures itself, and what is asked of it. */
export type Measuring = {
  readonly stage: Stage
  perf(): Promise<EnvironmentRow | undefined>
  /** The load test of that number, once it has ended. */
  ends(number: number): Promise<LoadTestView>
  /** What the commands around load tests have done, in order. */
  done(): string[]
  readonly killing: Killing
  asleep(): Promise<EnvironmentRow>
  /** Pushes the configuration that measures. @returns the commit */
  push(): Promise<string>
}

/**
 * The objective is far away: requests that are sent late by up to a twentieth of it are believed, so that a busy machine
 * finds the same.
 */
const perfOf = (command: (name: string) => string, line: string) => `
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      scales: 'they share nothing',
      loadTest: {
        wake: ${command('wake')},
        rest: ${command('rest')},
        clean: ${command('clean')},
        seed: ${command('seed')},
      },
    },
  },
  slos: [slo.latency({ objective: 0.99, below: '1s' })],
  load: { besideProduction: true, line: ${line} },
})`

/**
 * A service that can be measured.
 * @param line how its load line is searched
 */
export async function startMeasuring(
  line = "{ min: 5, max: 20, trial: '1s', budget: '60s' }",
): Promise<Measuring> {
  const stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  const file = join(stage.folder, 'done')
  const command = (name: string) => `sh('echo ${name} >> ${file}; echo ${name} done')`
  const perf = async () =>
    (await services(stage)).services[0]?.environments.find(({ name }) => name === 'perf')
  return {
    stage,
    perf,
    killing: killingOf(stage),
    ends: (number) => loadTestEnds(stage, 'perf', number),
    done: () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []),
    asleep: () =>
      until('perf is asleep', async () => {
        const row = await perf()
        return row?.status.is === 'asleep' && row.instances.ready === 0 ? row : undefined
      }),
    async push() {
      await stage.edit('plimsoll.config.ts', (text) =>
        text
          .replace('rolling, secret, sh', 'rolling, secret, sh, slo')
          .replace(/\n {2}\},\n\}\)/, perfOf(command, line)),
      )
      return stage.push('Measure each release')
    },
  }
}
