import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CommandEnd } from '../../host/index.ts'
import { configEnd, digestOf, exited, Story } from './story.fixture.ts'
import type { WorkEnd, WorkSpec } from './work.ts'

const jobArbitrary = fc.record({
  needs: fc.array(fc.nat(5), { maxLength: 3 }),
  retries: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
  junit: fc.boolean(),
  outputs: fc.boolean(),
})

type JobShape = { needs: number[]; retries: number[]; junit: boolean; outputs: boolean }

/** Job number i may need only jobs before it; written in any order. */
function pipelineOf(jobs: readonly JobShape[], backwards: boolean) {
  const entries = jobs.map(({ needs, retries, junit, outputs }, i) => {
    const job = {
      needs: i === 0 ? [] : [...new Set(needs.map((need) => `j${need % i}`))],
      steps: retries.map((times) => ({ run: 'x', retries: times })),
      ...(junit ? { reports: { junit: 'r.xml' } } : {}),
      ...(outputs ? { outputs: ['out'] } : {}),
    }
    return [`j${i}`, job] as const
  })
  return Object.fromEntries(backwards ? entries.reverse() : entries)
}

const commandEnds: (CommandEnd | 'lost')[] = [
  ...Array.from({ length: 8 }, () => exited(0)),
  exited(1),
  { ...exited(0), exit: null, signal: 'SIGTERM', why: 'timedOut' },
  { ...exited(0), exit: null, why: 'couldNotStart', error: 'x' },
  'lost',
]

const summary = (failed: number) => ({ passed: 3, failed, skipped: 0, suites: 1, failures: [] })

function workEnds(spec: WorkSpec, pipeline: ReturnType<typeof pipelineOf>): WorkEnd[] {
  const failed: WorkEnd = { is: 'failed', because: 'x' }
  switch (spec.do) {
    case 'config':
      return [configEnd(pipeline), configEnd(pipeline), configEnd(pipeline), failed]
    case 'prepare':
      return [
        { is: 'prepared' },
        { is: 'prepared' },
        { is: 'prepared', kept: digestOf('a'), keepAs: 'k' },
        failed,
      ]
    case 'collect': {
      const good: WorkEnd = {
        is: 'collected',
        tests: summary(0),
        reportProblems: [],
        missing: [],
        outputs: digestOf('b'),
      }
      return [good, good, good, { ...good, tests: summary(1) }, { ...good, reportProblems: ['x'] }, failed]
    }
    case 'bundle':
      return [{ is: 'bundled', release: digestOf('d'), sizeBytes: 1, evidence: [digestOf('e')] }, failed]
  }
}

type Play = { story: Story; pipeline: ReturnType<typeof pipelineOf>; limit: number }

/** What must hold after every decision. */
function checkAlways({ story, limit }: Play): void {
  const jobs = Object.entries(story.state.jobs)
  expect(jobs.filter(([, job]) => job.standing === 'running').length).toBeLessThanOrEqual(limit)
  const keys = story.effects.map(({ key }) => key)
  expect(new Set(keys).size, 'an effect was asked for twice').toBe(keys.length)
  for (const [name, job] of jobs) {
    const plan = story.state.plan?.jobs.find((one) => one.name === name)
    if (job.startedAt !== undefined)
      for (const need of plan?.needs ?? []) expect(story.state.jobs[need]?.standing).toBe('passed')
    for (const [i, step] of job.steps.entries()) {
      expect(step.tries.length).toBeLessThanOrEqual((plan?.steps[i]?.retries ?? 0) + 1)
      if (i < job.steps.length - 1) expect(step.tries.at(-1)?.standing).toBe('passed')
    }
    if (job.standing === 'passed' && !job.fromCache) {
      expect(job.steps).toHaveLength(plan?.steps.length ?? -1)
      expect(job.steps.every((step) => step.tries.at(-1)?.standing === 'passed')).toBe(true)
    }
  }
}

function checkEnd({ story }: Play): void {
  const { state } = story
  expect(state.phase).toBe('ended')
  const standings = Object.values(story.standings())
  expect(standings.filter((standing) => standing === 'waiting' || standing === 'running')).toEqual([])
  expect(story.running(), 'something is still at work').toEqual([])
  expect(state.verdict?.is === 'pass').toBe(state.release !== undefined)
  if (state.verdict?.is === 'pass') expect(standings.every((standing) => standing === 'passed')).toBe(true)
  if (!state.cancel && standings.includes('failed')) expect(state.verdict?.is).toBe('fail')
  if (state.cancel) expect(state.verdict?.is).toBe('inconclusive')
}

/** Ends one of the things at work, or lets the server crash: its work is gone, commands live on. */
function happen({ story, pipeline }: Play, choose: (n: number) => number): void {
  const running = story.running()
  const key = running[choose(running.length)]
  if (key === undefined || choose(12) === 0) {
    for (const [name, found] of story.work) if (found === 'running') story.work.set(name, 'absent')
    story.now = Math.max(story.now, story.until ?? 0)
    return
  }
  story.now += choose(1_000)
  const spec = story.specs.get(key)
  if (!spec) {
    const end = commandEnds[choose(commandEnds.length)] ?? 'lost'
    story.commands.set(key, end === 'lost' ? end : { ended: end })
    return
  }
  const ends = workEnds(spec, pipeline)
  story.work.set(key, { ended: ends[choose(ends.length)] ?? { is: 'cancelled' } })
}

/** A cancelled command or work ends by itself, sooner or later. */
function play(play: Play, choose: (n: number) => number, cancelAt: number): void {
  const { story } = play
  let cancelled = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 1_000; turn++) {
    if (turn === cancelAt && story.cancel()) cancelled = story.starts.length
    if (story.turn()) {
      checkAlways(play)
      continue
    }
    if (story.state.phase === 'ended') {
      expect(story.starts.length).toBeLessThanOrEqual(cancelled)
      return
    }
    expect(story.running().length > 0 || story.until !== undefined, 'it waits for nothing').toBe(true)
    happen(play, choose)
  }
  throw new Error('it never ends')
}

test('any pipeline, any outcomes, crashes and a cancel at any moment: the run ends as it must', () => {
  const verdicts = new Set<string>()
  fc.assert(
    fc.property(
      fc.array(jobArbitrary, { maxLength: 6 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      fc.infiniteStream(fc.nat(10_000)),
      fc.option(fc.nat(40), { nil: -1 }),
      (jobs, backwards, limit, chances, cancelAt) => {
        const pipeline = pipelineOf(jobs, backwards)
        const one: Play = { story: new Story(limit), pipeline, limit }
        const choose = (n: number) => (n === 0 ? 0 : (chances.next().value as number) % n)
        play(one, choose, cancelAt)
        checkEnd(one)
        verdicts.add(one.story.state.verdict?.is ?? 'none')
      },
    ),
    { numRuns: 400 },
  )
  expect([...verdicts].sort()).toEqual(['fail', 'inconclusive', 'pass'])
})
