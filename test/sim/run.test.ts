import { expect } from 'vitest'
import { readRun, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Digest, Json } from '../../src/kernel/index.ts'
import {
  pipelineConfig,
  type RunState,
  releaseConfig,
  runStanding,
  type WorkEnd,
  type WorkSpec,
} from '../../src/pipeline/index.ts'
import type { Tale } from './explore.ts'
import { type Stage, setStage } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const digest = (text: string): Digest => `sha256:${text.padStart(64, '0')}`

const pipeline = pipelineConfig.parse({
  build: { steps: [{ run: 'build one' }, { run: 'build two' }], outputs: ['dist'] },
  lint: { steps: [{ run: 'lint' }] },
  test: { needs: ['build'], steps: [{ run: 'test', retries: 1 }] },
})

/** What the server itself does in a run, without a disk. */
function workEnds(spec: WorkSpec): WorkEnd {
  switch (spec.do) {
    case 'config':
      return { is: 'config', pipeline, release: releaseConfig.parse({}), digest: digest('c') }
    case 'prepare':
      return { is: 'prepared' }
    case 'collect':
      return {
        is: 'collected',
        reportProblems: [],
        missing: [],
        ...(spec.outputs.length > 0 ? { outputs: digest('d') } : {}),
      }
    case 'bundle':
      return { is: 'bundled', release: digest('e'), sizeBytes: 1, evidence: [digest('f')] }
  }
}

const change = {
  id: 'a'.repeat(40),
  short: 'a'.repeat(12),
  branch: 'main',
  tree: 'b'.repeat(40),
  subject: 'one',
  author: 'Ada',
  at: 0,
  repository: '/r.git',
}

async function push(plimsoll: Parameters<Tale['ask']>[0]): Promise<void> {
  const of = serviceRef('payments')
  await plimsoll.runner.create(of, newService('payments') as unknown as Json)
  await plimsoll.runner.tell(of, {
    is: 'pushed',
    changes: [change],
    before: {},
    seen: { main: change.id },
    actor: 'ada',
  })
}

function tale(
  name: string,
  exitOf: (key: string) => number,
  check: (run: RunState, stage: Stage) => void,
): Tale {
  let run: RunState | undefined
  return {
    name,
    stage: () => {
      run = undefined
      return setStage({ scriptOf: (key) => ({ endsAfterMs: 700, exit: exitOf(key) }), workOf: workEnds })
    },
    ask: push,
    async look(stage) {
      run = await readRun(stage.store.journal, 'payments.1')
    },
    over: () => run?.phase === 'ended',
    async check(stage) {
      expect(await readRun(stage.store.journal, 'payments.2'), 'one push, one run').toBeUndefined()
      // No step that began is begun again: each key was started at most once over all lives.
      for (const [key, times] of stage.machine.startsOf) expect(times, key).toBe(1)
      expect(stage.machine.alive()).toEqual([])
      check(run as RunState, stage)
    },
  }
}

const keysOf = (stage: Stage): string[] => [...stage.machine.startsOf.keys()].sort()
const all = [
  'run/payments.1/build/0/1',
  'run/payments.1/build/1/1',
  'run/payments.1/lint/0/1',
  'run/payments.1/test/0/1',
]

const tales = [
  tale(
    'a run that passes',
    () => 0,
    (run, stage) => {
      expect(runStanding(run)).toBe('passed')
      expect(run.release?.digest).toBe(digest('e'))
      expect(keysOf(stage)).toEqual(all)
    },
  ),
  tale(
    'a run whose test fails twice',
    (key) => (key.includes('/test/') ? 1 : 0),
    (run, stage) => {
      expect(runStanding(run)).toBe('failed')
      expect(run.release).toBeUndefined()
      expect(keysOf(stage)).toEqual([...all, 'run/payments.1/test/0/2'])
    },
  ),
]

tellTales('a run, crashed before and after every call', {
  tales,
  reaches: ['journal.commit', 'journal.create', 'commands.start', 'work.start'],
})
