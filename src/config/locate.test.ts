import { describe, expect, test } from 'vitest'
import type { KeyPath } from './keyPath.ts'
import { locateKeys } from './locate.ts'

const source = `import { defineConfig, slo } from 'plimsoll'

const shared = {
  start: { command: 'é' },
}
const steps = [
  sh('one'),
  sh('two', {
    timeout: '5m',
  }),
] as const

export default defineConfig({
  ...shared,
  'service': 'a',
  pipeline: {
    test: { steps },
  },
  slos: [
    slo.latency({
      objective: 0.9,
    }),
  ],
  environments: {
    [name]: {},
    production: environmentFor('production'),
    many: [...others, 'last'],
  },
} satisfies Input)
`

describe('the line of a key', () => {
  test.each<[KeyPath, number]>([
    [['service'], 15],
    [['start', 'command'], 4],
    [['pipeline', 'test', 'steps', 1, 'timeout'], 9],
    [['slos', 0, 'objective'], 21],
    [['slos', 0, 'below'], 20],
    [['environments', 'production', 'instances'], 26],
    [['environments', 'staging'], 24],
    [['environments', 'many', 1], 27],
    [['nowhere', 'at', 'all'], 13],
    [[], 13],
  ])('%j is %i', async (path, line) => {
    const locate = await locateKeys('plimsoll.config.ts', source)
    expect(locate(path)).toBe(line)
  })

  test.each(['export default make()(1)', 'const x = 1', 'not { a program', ''])(
    '%j has only its first',
    async (text) => {
      const locate = await locateKeys('plimsoll.config.ts', text)
      expect(locate(['service'])).toBe(1)
    },
  )

  test('a constant that names itself ends the search', async () => {
    const locate = await locateKeys('a.ts', 'const a = { ...b }\nconst b = { ...a }\nexport default a')
    expect(locate(['x'])).toBe(1)
  })
})
