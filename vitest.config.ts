import { defineConfig } from 'vitest/config'

/**
 * What makes load and measures it: alone on the machine, or it measures the other tests. A canary is judged by what it
 * measures, and its page is not to be built while another test looks at one.
 */
const alone = [
  'test/load/**',
  'test/e2e/load*.test.ts',
  'test/e2e/docker-canary.test.ts',
  'test/page/canary.test.ts',
  'src/load/load-test.test.ts',
  'src/load/scenario.test.ts',
  'src/load/service/service-watch.test.ts',
]

const common = { pool: 'forks', testTimeout: 20_000, hookTimeout: 120_000 } as const

export default defineConfig({
  test: {
    // What a test prints is a measurement to be read; the rest is noise.
    silent: false,
    projects: [
      {
        test: {
          ...common,
          name: 'beside',
          include: ['{src,scripts,test}/**/*.test.{ts,tsx}'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'alone',
          include: alone.map((pattern) => (pattern.endsWith('**') ? `${pattern}/*.test.ts` : pattern)),
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
