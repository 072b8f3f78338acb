import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { planRun } from './plan.ts'
import { renderPlan } from './render.ts'
import { change, configEnd } from './story.fixture.ts'

const payments = configEnd({
  deploytest: { needs: ['test', 'lint'], steps: [{ run: './smoke.sh', retries: 1 }] },
  install: {
    steps: [{ run: 'npm ci' }],
    cache: { key: ['package-lock.json'], paths: ['node_modules'] },
  },
  lint: { needs: ['install'], steps: [{ run: 'npm run lint', timeout: '1m' }] },
  test: {
    needs: ['install'],
    env: { NODE_ENV: 'test' },
    steps: [
      { run: 'npm run build' },
      {
        name: 'unit tests',
        run: 'npm test -- \\\n  --reporter junit',
        retries: 2,
        env: { API_KEY: { secret: 'TEST_API_KEY' } },
      },
    ],
    outputs: ['dist', 'public'],
    reports: { junit: 'reports/*.xml' },
  },
})

function planned(config: typeof payments) {
  const answer = planRun(config)
  if ('problems' in answer) throw new Error(JSON.stringify(answer.problems))
  return answer.plan
}

describe('a plan', () => {
  test('has each job after those it needs, otherwise as written', () => {
    expect(planned(payments).jobs.map(({ name }) => name)).toEqual(['install', 'lint', 'test', 'deploytest'])
  })

  test('is printed as people read it', () => {
    const release = { include: ['**'], exclude: ['node_modules/.cache'] }
    const text = renderPlan(planned({ ...payments, release }), change)
    expect(text).toBe(readFileSync(new URL('./plan.golden.txt', import.meta.url), 'utf8'))
  })

  test('names secrets and never holds a value', () => {
    expect(planned(payments).jobs[2]?.secrets).toEqual(['TEST_API_KEY'])
  })

  test('a plan with no job is only the release', () => {
    const text = renderPlan(planned(configEnd({})), change)
    expect(text).toBe(
      '3f2a1c9 on main: Add refunds\n0 jobs, 0 steps, then the release\n\nrelease\n  the tree and all outputs\n',
    )
  })
})

describe('problems', () => {
  const steps = [{ run: 'x' }]
  const problemsOf = (pipeline: Parameters<typeof configEnd>[0]) => {
    const answer = planRun(configEnd(pipeline))
    return 'problems' in answer ? answer.problems : []
  }

  test('unknown needs, with what was probably meant; and itself: all at once', () => {
    const pipeline = {
      test: { steps },
      build: { needs: ['tset', 'build'], steps },
    }
    expect(problemsOf(pipeline)).toEqual([
      {
        at: 'pipeline.build.needs[0]',
        text: 'pipeline.build.needs[0] is tset, but no job has that name',
        didYouMean: 'test',
      },
      { at: 'pipeline.build.needs[1]', text: 'pipeline.build.needs[1] names the job itself' },
    ])
  })

  test('a circle, drawn', () => {
    const pipeline = {
      a: { steps },
      b: { needs: ['a', 'd'], steps },
      c: { needs: ['b'], steps },
      d: { needs: ['c'], steps },
    }
    expect(problemsOf(pipeline)).toEqual([
      { at: 'pipeline', text: 'the jobs of the pipeline wait for each other: b needs d needs c needs b' },
    ])
  })
})
