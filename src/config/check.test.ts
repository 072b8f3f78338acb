import { describe, expect, test } from 'vitest'
import type { Json } from '../kernel/index.ts'
import { checkConfig } from './check.ts'
import { keyPathText } from './keyPath.ts'

const sound = {
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [{ run: 'npm test' }] } },
  environments: { staging: {}, production: { after: 'staging' } },
}

const problemsOf = (root: Json, gates?: readonly string[]) =>
  checkConfig(root, [], gates).problems.map(({ path, text, didYouMean }) =>
    [keyPathText(path), text, didYouMean ?? ''].join(' | '),
  )

describe('a sound configuration', () => {
  test('gets all defaults, durations in milliseconds', () => {
    const { config, problems } = checkConfig({
      ...sound,
      start: { command: 'node server.js', readyWithin: '1m30s' },
    })
    expect(problems).toEqual([])
    expect(config?.branch).toBe('main')
    expect(config?.start).toMatchObject({ readyWithin: 90_000, grace: 30_000, port: 'PORT', health: '/' })
    expect(config?.environments.production).toMatchObject({
      after: 'staging',
      gates: ['tests'],
      deploy: { strategy: 'rolling', surge: 1, bake: 0 },
    })
  })

  test('may be checked again after it was stored as JSON', () => {
    const root = JSON.parse(JSON.stringify(sound)) as Json
    expect(checkConfig(root).config).toEqual(checkConfig(sound).config)
  })
})

describe('cross-checks', () => {
  test.each<[string, Json, string]>([
    ['needs', { pipeline: { test: { needs: ['tset'], steps: [{ run: 'x' }] } } }, 'pipeline.test.needs[0]'],
    ['after', { environments: { staging: { after: 'nowhere' } } }, 'environments.staging.after'],
    ['own name', { environments: { staging: { after: 'staging' } } }, 'environments.staging.after'],
    ['gates', { environments: { staging: { gates: ['test'] } } }, 'environments.staging.gates[0]'],
    ['ports', { environments: { a: { port: 8080 }, b: { port: 8080 } } }, 'environments.b.port'],
    ['tests', { pipeline: {} }, 'pipeline'],
  ])('%s', (_, change, at) => {
    const problems = problemsOf({ ...sound, ...(change as object) })
    expect(problems.map((text) => text.split(' | ')[0])).toEqual([at])
  })

  test('a start is needed as soon as there is an environment', () => {
    const { start: _, ...without } = sound
    expect(problemsOf(without)).toEqual([
      "start | is missing, expected { command: '…' }: environments.staging has to know how an instance starts | ",
    ])
    expect(problemsOf({ ...without, environments: {} })).toEqual([])
  })

  test('which gates exist is told from outside', () => {
    const root = { ...sound, environments: { staging: { gates: ['forecast'] } } }
    expect(problemsOf(root)).toHaveLength(1)
    expect(problemsOf(root, ['tests', 'forecast'])).toEqual([])
  })

  test('they are made even where the shape is wrong elsewhere', () => {
    const problems = problemsOf({ ...sound, service: 5, environments: { staging: { after: 'production' } } })
    expect(problems).toHaveLength(2)
  })

  test('a value that is no plain data is reported once, not as missing too', () => {
    const root = { ...sound, start: { command: null } }
    const { problems } = checkConfig(root, [{ path: ['start', 'command'], found: 'a function' }])
    expect(problems).toHaveLength(1)
  })
})

describe('what is confidential', () => {
  const secretValue = 'hunter2-and-more'
  const root = {
    ...sound,
    pipeline: { test: { steps: [{ run: 'x', env: { TOKEN: { secret: secretValue } } }] } },
    environments: {
      staging: { env: { DB_PASSWORD: [secretValue], OTHER: { secret: 'A', more: secretValue } } },
      production: { env: { API_KEY: secretValue } },
    },
  }

  test('is in no problem and no note', () => {
    const checked = checkConfig(root)
    expect(checked.problems.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify([checked.problems, checked.notes])).not.toContain('hunter2')
  })

  test('is noted when it seems to stand there in clear text', () => {
    expect(checkConfig(root).notes.map(({ path, didYouMean }) => [keyPathText(path), didYouMean])).toEqual([
      ['environments.production.env.API_KEY', "secret('API_KEY')"],
    ])
  })

  test('a secret by name is not noted', () => {
    const named = {
      ...sound,
      environments: { staging: { gates: [], env: { API_KEY: { secret: 'API_KEY' } } } },
    }
    expect(checkConfig(named).notes).toEqual([])
  })
})

test('nothing that was pushed can steer a terminal', () => {
  const problems = problemsOf({ ...sound, service: 'a\u001b[2Jb\nc', 'x\u001b[31m': 1 })
  expect(problems).toHaveLength(2)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(problems.join('')).not.toMatch(/[\x00-\x1f]/)
})

test.each([
  [99.9, '0.999'],
  [99, '0.99'],
  [1, ''],
  [0, ''],
  [100, ''],
  [-1, ''],
])('an objective of %s is refused; meant was %s', (objective, meant) => {
  const [problem, ...more] = problemsOf({ ...sound, slos: [{ kind: 'availability', objective }] })
  expect(more).toEqual([])
  expect(problem).toBe(
    `slos[0].objective | is ${objective}, expected a ratio below 1, such as 0.999 | ${meant}`,
  )
})

test.each(['30 seconds', '5 min', '250 MS'])('%s is no duration, but it shows what was meant', (text) => {
  const [problem] = problemsOf({ ...sound, start: { command: 'x', grace: text } })
  expect(problem).toMatch(/expected a duration.* \| (30s|5m|250ms)$/)
})
