import { describe, expect, test } from 'vitest'
import { change, configEnd, digestOf, exited, Story, storyOf } from './story.fixture.ts'
import type { StepStart } from './work.ts'

const one = { test: { steps: [{ run: 'npm test' }] } }
const prepared = { is: 'prepared' } as const
const tests = (passed: number, failed: number) => ({
  passed,
  failed,
  skipped: 0,
  suites: 1,
  failures: failed > 0 ? [{ name: 'adds', message: '1 is not 2' }] : [],
})
const collected = { is: 'collected', reportProblems: [], missing: [] } as const
const bundled = {
  is: 'bundled',
  release: digestOf('a'),
  sizeBytes: 10,
  evidence: [digestOf('e'), digestOf('f')],
} as const

describe('a run that passes', () => {
  test('reads, prepares, steps, packs and ends with its evidence', () => {
    const story = new Story().settle()
    expect(story.running()).toEqual(['run/1/config/1'])
    story.works('config', configEnd(one))
    expect(story.running()).toEqual(['run/1/test/prepare/1'])
    story.works('test/prepare', prepared)
    expect(story.running()).toEqual(['run/1/test/0/1'])
    expect(story.because).toBe('test: npm test')
    story.ends('test/0/1', 0)
    expect(story.running()).toEqual(['run/1/bundle/1'])
    story.works('bundle', bundled)
    expect(story.state).toMatchObject({
      phase: 'ended',
      release: { digest: digestOf('a'), sizeBytes: 10 },
      verdict: { is: 'pass', seen: [digestOf('e'), digestOf('f')] },
    })
    expect(story.events.map(({ type }) => type)).toEqual([
      'run.planned',
      'job.started',
      'step.started',
      'step.ended',
      'job.ended',
      'run.ended',
    ])
    expect(story.effects.at(-1)).toEqual({ kind: 'run.tidy', key: 'run/1/tidy', spec: { run: '1' } })
  })

  test('steps run one after the other, with the variables of their run and their own', () => {
    const story = storyOf({
      a: {
        env: { X: 'job', Y: 'job' },
        steps: [
          { run: 'one', env: { X: 'step' } },
          { run: 'two', timeout: '5s' },
        ],
      },
    }).works('a/prepare', prepared)
    expect(story.starts).toHaveLength(1)
    expect(story.starts[0]).toMatchObject({
      key: 'run/1/a/0/1',
      run: 'one',
      cwdKey: 'run/1/a',
      env: { CI: 'true', PLIMSOLL_JOB: 'a', PLIMSOLL_RUN: '1', X: 'step', Y: 'job' },
      timeoutMs: 600_000,
    })
    story.ends('a/0/1', 0)
    expect(story.starts[1]).toMatchObject({
      key: 'run/1/a/1/1',
      run: 'two',
      timeoutMs: 5_000,
      env: { X: 'job' },
    })
  })

  test('outputs of needed jobs are laid into the folder, and all of them into the release', () => {
    const story = storyOf({
      build: { steps: [{ run: 'make' }], outputs: ['dist'] },
      test: { needs: ['build'], steps: [{ run: 'check' }] },
    })
    expect(story.running()).toEqual(['run/1/build/prepare/1'])
    story.works('build/prepare', prepared).ends('build/0/1', 0)
    expect(story.specs.get('run/1/build/collect/1')).toMatchObject({ outputs: ['dist'], passed: true })
    story.works('build/collect', { ...collected, outputs: digestOf('b') })
    expect(story.specs.get('run/1/test/prepare/1')).toMatchObject({ outputs: [digestOf('b')], change })
    story.works('test/prepare', prepared).ends('test/0/1', 0)
    expect(story.specs.get('run/1/bundle/1')).toMatchObject({ outputs: [digestOf('b')], include: ['**'] })
  })

  test('a pipeline without jobs is packed at once', () => {
    expect(storyOf({}).running()).toEqual(['run/1/bundle/1'])
  })

  test('what was kept makes a job pass without its steps', () => {
    const cache = { key: ['package-lock.json'], paths: ['node_modules'] }
    const story = storyOf({ install: { steps: [{ run: 'npm ci' }], cache } })
    story.works('install/prepare', { ...prepared, keepAs: 'k', kept: digestOf('d') })
    expect(story.job('install')).toMatchObject({
      standing: 'passed',
      fromCache: true,
      outputs: digestOf('d'),
    })
    expect(story.starts).toEqual([])
    expect(story.specs.get('run/1/bundle/1')).toMatchObject({ outputs: [digestOf('d')] })
  })

  test('nothing kept: the steps run, and the name for keeping goes to the collecting', () => {
    const cache = { key: ['package-lock.json'], paths: ['node_modules'] }
    const story = storyOf({ install: { steps: [{ run: 'npm ci' }], cache } })
    story.works('install/prepare', { ...prepared, keepAs: 'k' }).ends('install/0/1', 0)
    expect(story.specs.get('run/1/install/collect/1')).toMatchObject({
      outputs: ['node_modules'],
      keepAs: 'k',
    })
  })

  test('tests are measured for each change, whatever was kept', () => {
    const cache = { key: ['x'], paths: ['y'] }
    const story = storyOf({ test: { steps: [{ run: 't' }], cache, reports: { junit: 'r.xml' } } })
    story.works('test/prepare', { ...prepared, keepAs: 'k', kept: digestOf('d') })
    expect(story.starts).toHaveLength(1)
  })

  test('evidence counts the tests of all jobs and their retries', () => {
    const reports = { junit: 'r.xml' }
    const story = storyOf({
      unit: { steps: [{ run: 'u', retries: 1 }], reports },
      slow: { steps: [{ run: 's' }], reports },
    })
    story.works('unit/prepare', prepared).ends('unit/0/1', 1).ends('unit/0/2', 0)
    story.works('unit/collect', { ...collected, tests: tests(3, 0) })
    story.works('slow/prepare', prepared).ends('slow/0/1', 0)
    story.works('slow/collect', { ...collected, tests: tests(4, 0) })
    expect(story.specs.get('run/1/bundle/1')).toMatchObject({
      evidence: {
        tests: { run: '1', passed: 7, failed: 0, skipped: 0, suites: 2, retries: 1 },
        provenance: { service: 'payments', run: '1', commit: change.commit, config: digestOf('c') },
      },
    })
  })
})

describe('how a step ends decides its job', () => {
  const cases = [
    ['exits with 1', 1, 'failed', 'npm test exited with 1'],
    [
      'ended by a signal',
      { ...exited(0), exit: null, signal: 'SIGSEGV' },
      'failed',
      'npm test was ended by SIGSEGV',
    ],
    [
      'takes too long',
      { ...exited(0), exit: null, signal: 'SIGTERM', why: 'timedOut', endedAt: 600_001 },
      'failed',
      'npm test took longer than 10 m 00 s',
    ],
    [
      'cannot be started',
      { ...exited(0), exit: null, why: 'couldNotStart', error: 'no space left' },
      'inconclusive',
      'npm test could not be started: no space left',
    ],
    ['is lost', 'lost', 'inconclusive', 'npm test ended without an exit status: its process is gone'],
    [
      'is ended by somebody',
      { ...exited(0), exit: null, signal: 'SIGTERM', why: 'cancelled' },
      'cancelled',
      'npm test was cancelled',
    ],
  ] as const
  test.each(cases)('%s', (_, end, standing, because) => {
    const story = storyOf(one).works('test/prepare', prepared).ends('test/0/1', end)
    expect(story.job('test')).toMatchObject({ standing, because, steps: [{ tries: [{ standing }] }] })
    const is = standing === 'failed' ? 'fail' : 'inconclusive'
    expect(story.state).toMatchObject({
      phase: 'ended',
      verdict: { is, reasons: [{ text: `test: ${because}` }] },
    })
  })

  test('a failed step is tried again as often as it may, each try shown', () => {
    const story = storyOf({ test: { steps: [{ run: 't', retries: 2 }] } }).works('test/prepare', prepared)
    story.ends('test/0/1', 1).ends('test/0/2', 7)
    expect(story.running()).toEqual(['run/1/test/0/3'])
    story.ends('test/0/3', 1)
    expect(story.job('test').steps[0]?.tries.map(({ standing, exit }) => [standing, exit])).toEqual([
      ['failed', 1],
      ['failed', 7],
      ['failed', 1],
    ])
    expect(story.job('test').because).toBe('t exited with 1, 3 tries')
  })

  test('a lost step is not tried again: nobody knows what it did', () => {
    const story = storyOf({ test: { steps: [{ run: 't', retries: 2 }] } }).works('test/prepare', prepared)
    expect(story.ends('test/0/1', 'lost').job('test').standing).toBe('inconclusive')
  })

  test('a job has a limit over all its steps', () => {
    const story = storyOf({ a: { timeout: '10s', steps: [{ run: 'x' }, { run: 'y' }, { run: 'z' }] } })
    story.works('a/prepare', prepared)
    story.now += 7_000
    story.ends('a/0/1', 0)
    expect(story.starts[1]).toMatchObject({ run: 'y', timeoutMs: 3_000 })
    story.now += 4_000
    story.ends('a/1/1', 0)
    expect(story.starts).toHaveLength(2)
    expect(story.job('a')).toMatchObject({ standing: 'failed', because: 'the job took longer than it may' })
  })

  test('a command that never begins is given up after its time, and told to end', () => {
    const story = storyOf(one).works('test/prepare', prepared).ends('test/0/1', 'absent')
    expect(story.job('test').standing).toBe('running')
    story.now = story.until ?? 0
    story.settle()
    expect(story.job('test').standing).toBe('inconclusive')
    expect(story.effects.filter(({ kind }) => kind === 'command.cancel')).toMatchObject([
      { spec: { key: 'run/1/test/0/1' } },
    ])
  })
})

describe('reports and outputs have the last word', () => {
  const reporting = { test: { steps: [{ run: 't' }], outputs: ['dist'], reports: { junit: 'r.xml' } } }
  const cases = [
    ['green', 0, { tests: tests(3, 0) }, 'passed', undefined],
    ['failures in spite of exit 0', 0, { tests: tests(46, 2) }, 'failed', '2 of 48 tests failed'],
    ['no report', 0, { reportProblems: ['no file matches r.xml'] }, 'inconclusive', 'no file matches r.xml'],
    ['no test', 0, { tests: tests(0, 0) }, 'inconclusive', 'no test ran, says r.xml'],
    [
      'a missing output',
      0,
      { tests: tests(1, 0), missing: ['dist'] },
      'failed',
      'its outputs dist are not there',
    ],
    ['failures with exit 1', 1, { tests: tests(0, 1) }, 'failed', '1 of 1 test failed; t exited with 1'],
    ['exit 1 and green reports', 1, { tests: tests(1, 0) }, 'failed', 't exited with 1'],
  ] as const
  test.each(cases)('%s', (_, exit, end, standing, because) => {
    const story = storyOf(reporting).works('test/prepare', prepared).ends('test/0/1', exit)
    expect(story.specs.get('run/1/test/collect/1')).toMatchObject({ junit: 'r.xml', passed: exit === 0 })
    story.works('test/collect', { ...collected, ...end })
    expect(story.job('test').standing).toBe(standing)
    expect(story.job('test').because).toBe(because)
  })

  test('results that cannot be collected make a passed job inconclusive and leave a failed one failed', () => {
    const failed = { is: 'failed', because: 'no space left' } as const
    const passed = storyOf(reporting).works('test/prepare', prepared).ends('test/0/1', 0)
    expect(passed.works('test/collect', failed).job('test')).toMatchObject({
      standing: 'inconclusive',
      because: 'its results could not be collected: no space left',
    })
    const red = storyOf(reporting).works('test/prepare', prepared).ends('test/0/1', 1)
    expect(red.works('test/collect', failed).job('test').standing).toBe('failed')
  })
})

describe('jobs depend on each other', () => {
  test('dependants of a failed job are skipped, independent ones go on', () => {
    const steps = [{ run: 'x' }]
    const story = storyOf({
      a: { steps },
      b: { needs: ['a'], steps },
      c: { needs: ['b'], steps },
      d: { steps },
    })
    story.works('a/prepare', prepared).ends('a/0/1', 1)
    expect(story.standings()).toEqual({ a: 'failed', b: 'skipped', c: 'skipped', d: 'running' })
    expect(story.job('b').because).toBe('it needs a, which failed')
    expect(story.job('c').because).toBe('it needs b, which was skipped')
    story.works('d/prepare', prepared).ends('d/0/1', 0)
    expect(story.state).toMatchObject({ phase: 'ended', verdict: { is: 'fail' } })
    expect(story.state.release).toBeUndefined()
  })

  test('no more jobs at a time than the limit', () => {
    const steps = [{ run: 'x' }]
    const story = storyOf({ a: { steps }, b: { steps }, c: { steps } }, 2)
    expect(story.running()).toEqual(['run/1/a/prepare/1', 'run/1/b/prepare/1'])
    story.works('a/prepare', prepared)
    expect(story.job('c').standing).toBe('waiting')
    story.ends('a/0/1', 0)
    expect(story.job('c').standing).toBe('running')
  })
})

describe('secrets', () => {
  const asking = { a: { steps: [{ run: 'x', env: { KEY: { secret: 'API_KEY' } } }] } }
  test('are refused to a change that may not see them', () => {
    const story = storyOf(asking, 4, false)
    expect(story.job('a')).toMatchObject({ standing: 'inconclusive', steps: [] })
    expect(story.job('a').because).toContain('API_KEY')
    expect(story.state).toMatchObject({ phase: 'ended', verdict: { is: 'inconclusive' } })
    expect(story.starts).toEqual([])
  })

  test('are named in the start of a step, never spelled out', () => {
    const story = storyOf(asking)
    expect(story.specs.get('run/1/a/prepare/1')).toMatchObject({ secrets: ['API_KEY'] })
    story.works('a/prepare', prepared)
    expect((story.starts[0] as StepStart).env.KEY).toEqual({ secret: 'API_KEY' })
  })
})

describe('what cannot be done', () => {
  test('problems of the configuration fail the run, all of them', () => {
    const problems = [
      { text: 'needs is odd', place: 'plimsoll.config.ts:4', didYouMean: 'test' },
      { text: 'b' },
    ]
    const story = new Story().settle().works('config', { is: 'problems', problems })
    expect(story.state.verdict).toEqual({
      is: 'fail',
      reasons: [{ text: 'needs is odd (plimsoll.config.ts:4)', next: 'Did you mean test?' }, { text: 'b' }],
    })
  })

  test('a pipeline that cannot be planned fails the run', () => {
    const steps = [{ run: 'x' }]
    const story = storyOf({ a: { needs: ['b'], steps }, b: { needs: ['a'], steps } })
    expect(story.state).toMatchObject({ phase: 'ended', verdict: { is: 'fail' } })
  })

  test.each([['config'], ['bundle']])('%s: could not be done is inconclusive', (what) => {
    const story = what === 'config' ? new Story().settle() : storyOf({})
    story.works(what, { is: 'failed', because: 'disk full' })
    expect(story.state).toMatchObject({ phase: 'ended', verdict: { is: 'inconclusive' } })
    expect(JSON.stringify(story.state.verdict)).toContain('disk full')
  })

  test('a folder that cannot be prepared is inconclusive', () => {
    const story = storyOf(one).works('test/prepare', { is: 'failed', because: 'no such tree' })
    expect(story.job('test')).toMatchObject({
      standing: 'inconclusive',
      because: 'its working directory could not be prepared: no such tree',
    })
  })
})

describe('after a crash', () => {
  test('work that is gone is asked for again under a new key, after a pause, five times at most', () => {
    const story = new Story().settle()
    for (let attempt = 1; attempt <= 5; attempt++) {
      story.works('config', 'absent', attempt)
      expect(story.state.work?.attempt).toBe(attempt)
      story.now = story.until ?? 0
      story.settle()
    }
    expect(story.effects.filter(({ kind }) => kind === 'work.start')).toHaveLength(5)
    expect(story.state).toMatchObject({ phase: 'ended', verdict: { is: 'inconclusive' } })
  })

  test('work that never ends is given up', () => {
    const story = new Story().settle()
    story.now = story.until ?? 0
    story.settle()
    expect(story.state.phase).toBe('ended')
    expect(story.effects.map(({ kind }) => kind)).toEqual(['work.start', 'work.cancel', 'run.tidy'])
  })
})

describe('cancel', () => {
  const two = { a: { steps: [{ run: 'x' }, { run: 'y' }] }, b: { needs: ['a'], steps: [{ run: 'z' }] } }
  test('ends what runs, and what has not begun never begins', () => {
    const story = storyOf(two).works('a/prepare', prepared)
    expect(story.cancel()).toBe(true)
    story.settle()
    expect(story.effects.at(-1)).toMatchObject({ kind: 'command.cancel', spec: { key: 'run/1/a/0/1' } })
    expect(story.standings()).toEqual({ a: 'running', b: 'cancelled' })
    story.ends('a/0/1', { ...exited(0), exit: null, signal: 'SIGTERM', why: 'cancelled' })
    expect(story.standings()).toEqual({ a: 'cancelled', b: 'cancelled' })
    expect(story.state.verdict).toEqual({ is: 'inconclusive', reasons: [{ text: 'cancelled by ada' }] })
    expect(story.starts).toHaveLength(1)
  })

  test('twice is once, and after the end it is nothing', () => {
    const story = storyOf(two).works('a/prepare', prepared)
    expect([story.cancel(), story.cancel('bob')]).toEqual([true, false])
    expect(story.state.cancel?.by).toBe('ada')
    story.ends('a/0/1', 'lost')
    expect(story.state.phase).toBe('ended')
    expect(story.cancel()).toBe(false)
  })

  test.each([['config'], ['bundle']])('while %s is at work', (what) => {
    const story = what === 'config' ? new Story().settle() : storyOf({})
    story.cancel()
    story.settle()
    expect(story.state.phase).not.toBe('ended')
    expect(story.effects.at(-1)).toMatchObject({ kind: 'work.cancel', spec: { key: `run/1/${what}/1` } })
    story.works(what, { is: 'cancelled' })
    expect(story.state).toMatchObject({ phase: 'ended', verdict: { is: 'inconclusive' } })
  })
})
