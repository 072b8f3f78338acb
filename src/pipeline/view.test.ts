import { expect, test } from 'vitest'
import { configEnd, digestOf, Story, storyOf } from './plan/story.fixture.ts'
import { runReasons, runStanding, runText, stepsOf } from './view.ts'

const prepared = { is: 'prepared' } as const
const reporting = { steps: [{ run: 'npm test' }], reports: { junit: 'r.xml' } }
const red = { passed: 46, failed: 2, skipped: 0, suites: 1, failures: [] }

test('a run says what it does', () => {
  const story = new Story().settle()
  expect([runStanding(story.state), runText(story.state)]).toEqual(['running', 'reading the configuration'])
  story.works(
    'config',
    configEnd({ a: { steps: [{ run: 'x' }] }, b: { steps: [{ name: 'lint', run: 'y' }] } }),
  )
  story.works('a/prepare', prepared).works('b/prepare', prepared)
  expect(runText(story.state)).toBe('a: x, b: lint')
  expect(runReasons(story.state)).toEqual([])
})

test('a run that passed says how long it took', () => {
  const story = storyOf({})
  story.now += 41_000
  story.works('bundle', { is: 'bundled', release: digestOf('a'), sizeBytes: 1, evidence: [digestOf('b')] })
  expect([runStanding(story.state), runText(story.state)]).toEqual(['passed', 'passed in 41 s'])
})

test('a run that failed says where and why', () => {
  const story = storyOf({ test: reporting, lint: { steps: [{ run: 'lint' }] } })
  story.works('test/prepare', prepared).ends('test/0/1', 1)
  story.works('test/collect', { is: 'collected', tests: red, reportProblems: [], missing: [] })
  story.works('lint/prepare', prepared).ends('lint/0/1', 2)
  expect([runStanding(story.state), runText(story.state)]).toEqual([
    'failed',
    'test failed: 2 of 48 tests, and lint',
  ])
  expect(runReasons(story.state).map(({ text }) => text)).toEqual([
    'test: 2 of 48 tests failed; npm test exited with 1',
    'lint: lint exited with 2',
  ])
})

test('a run that could not tell says so', () => {
  const story = storyOf({ test: { steps: [{ run: 'x' }] } }).works('test/prepare', prepared)
  story.ends('test/0/1', 'lost')
  expect(runText(story.state)).toBe(
    'test was inconclusive: x ended without an exit status: its process is gone',
  )
})

test('a cancelled run names who cancelled it, and its steps stand as they did', () => {
  const story = storyOf({
    a: { steps: [{ run: 'x' }, { run: 'y' }] },
    b: { needs: ['a'], steps: [{ run: 'z' }] },
  })
  story.works('a/prepare', prepared)
  expect(stepsOf(story.state, 'a').map(({ standing }) => standing)).toEqual(['running', 'waiting'])
  story.now += 4_000
  story.cancel('bob')
  story.ends('a/0/1', 'lost')
  expect([runStanding(story.state), runText(story.state)]).toEqual([
    'cancelled',
    'cancelled by bob after 4.0 s',
  ])
  expect(stepsOf(story.state, 'a').map(({ standing }) => standing)).toEqual(['cancelled', 'cancelled'])
  expect(stepsOf(story.state, 'b')).toEqual([{ title: 'z', standing: 'cancelled', tries: [] }])
})

test('a wrong configuration is the reason', () => {
  const story = new Story().settle().works('config', { is: 'problems', problems: [{ text: 'needs is odd' }] })
  expect(runText(story.state)).toBe('needs is odd')
})
