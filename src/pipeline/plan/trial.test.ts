import { describe, expect, it } from 'vitest'
import type { RunState } from './state.ts'
import { configEnd, digestOf, Story } from './story.fixture.ts'

const step = (run: string) => ({ steps: [{ run }] })
const pipeline = {
  lint: step('lint'),
  build: { needs: ['lint'], steps: [{ run: 'build' }], outputs: ['dist'] },
  test: { needs: ['build'], ...step('test') },
}

const trial = (checks: NonNullable<RunState['trial']>['checks']) =>
  new Story(4, false, { for: 'payments.try-1', checks }).settle().works('config', configEnd(pipeline))

const prepared = { is: 'prepared' } as const
const built = { is: 'collected', reportProblems: [], missing: [], outputs: digestOf('d') } as const
const bundled = { is: 'bundled', release: digestOf('e'), sizeBytes: 1, evidence: [digestOf('f')] } as const

const buildIn = (story: Story, exit: number): Story => {
  const done = story.works('build/prepare', prepared).ends('build/0/1', exit)
  return exit === 0 ? done.works('build/collect', built) : done
}

describe('a run that only tries something out', () => {
  it('goes on past checks that fail, has a release, and says what failed', () => {
    const story = trial('run').works('lint/prepare', prepared).ends('lint/0/1', 1)
    buildIn(story, 0).works('test/prepare', prepared).ends('test/0/1', 2).works('bundle', bundled)
    expect(story.standings()).toEqual({ lint: 'failed', build: 'passed', test: 'failed' })
    expect(story.state.release?.digest).toBe(digestOf('e'))
    expect(story.state.verdict?.is).toBe('fail')
    expect(story.specs.get('run/1/bundle/1')).toMatchObject({ trial: true })
  })

  it('has no release without what is handed on', () => {
    const story = trial('run').works('lint/prepare', prepared).ends('lint/0/1', 0)
    buildIn(story, 1)
    expect(story.standings()).toEqual({ lint: 'passed', build: 'failed', test: 'skipped' })
    expect(story.state.release).toBeUndefined()
  })

  it('leaves checks out when nobody wants them', () => {
    const story = buildIn(trial('skip'), 0).works('bundle', bundled)
    expect(story.standings()).toEqual({ build: 'passed' })
    expect(story.state.verdict?.is).toBe('pass')
  })

  it('is no other run: one that is not tried out stops at a check that fails', () => {
    const story = new Story().settle().works('config', configEnd(pipeline))
    story.works('lint/prepare', prepared).ends('lint/0/1', 1)
    expect(story.standings()).toEqual({ lint: 'failed', build: 'skipped', test: 'skipped' })
    expect(story.state.release).toBeUndefined()
  })
})
