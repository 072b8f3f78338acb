import { describe, expect, it } from 'vitest'
import type { EnvironmentHealth, HealthView } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import { exitOf, renderHealth, renderHealthByRoute } from './health.ts'
import { memoryScreen } from './screen.fixture.ts'

const production: EnvironmentHealth = {
  name: 'production',
  runs: 'here',
  is: 'ill',
  reasons: ['probe sign-in fails: database.status is "down", expected "up"'],
  releases: [
    {
      version: '5b1f0c9a7d21',
      ratePerSecond: 212.4,
      errorRatio: 0.00021,
      p50: 0.0112,
      p95: 0.038,
      p99: 0.0951,
    },
  ],
  routes: [
    { route: '/payments/:id', ratePerSecond: 180, errorRatio: 0, p50: 0.01, p95: 0.03, p99: 0.09 },
    { route: 'other', ratePerSecond: 0 },
  ],
  instances: [
    {
      instance: 'payments.production.7/0',
      version: '5b1f0c9a7d21',
      cpu: 0.312,
      memoryBytes: 92 * 2 ** 20,
      memoryLimitBytes: 256 * 2 ** 20,
      openFiles: 41,
      restarts: 2,
    },
    { instance: 'payments.production.7/1', version: '5b1f0c9a7d21' },
  ],
  probes: [
    { name: 'sign-in', ok: false, successRatio: 0.97, durationSeconds: 0.0142 },
    { name: 'certificate', ok: true, certificateEnds: Date.UTC(2027, 2, 1) },
  ],
  targets: [
    {
      instance: 'payments.production.7/0',
      up: true,
      samples: 41,
      problems: ['line 12 (paid_total 1,5) expected a number at column 12'],
    },
  ],
  heartbeats: [
    {
      name: 'settlement',
      is: 'failed',
      because: 'failed with exit code 3: no file of yesterday',
      since: 0,
      durationSeconds: 0.25,
      exitCode: 3,
      message: 'no file of yesterday',
    },
  ],
}
const elsewhere: EnvironmentHealth = {
  ...production,
  name: 'old',
  runs: 'elsewhere',
  is: 'unknown',
  reasons: ['nothing has been collected of it lately'],
  releases: [],
  routes: [],
  instances: [],
  probes: [],
  targets: [],
  heartbeats: [],
}
const viewOf = (...environments: EnvironmentHealth[]): HealthView => ({
  ...{ schemaVersion: 1, at: 0, windowSeconds: 300 },
  services: [{ name: 'payments', environments }],
})

describe('plimsoll health', () => {
  it('says what is wrong, then the figures', () => {
    expect(renderHealth(viewOf(production, elsewhere), memoryScreen())).toBe(
      `✗ payments production: probe sign-in fails: database.status is "down", expected "up"
  RELEASE       RATE   FAILED   P50      P95    P99
  5b1f0c9a7d21  212/s  0.021 %  11.2 ms  38 ms  95.1 ms
  INSTANCE                 RELEASE       CPU   MEMORY             FILES  RESTARTS
  payments.production.7/0  5b1f0c9a7d21  0.31  92 MiB of 256 MiB  41     2
  payments.production.7/1  5b1f0c9a7d21  –     –                  –      –
  WATCHED BY                          IS      TOOK     LATELY
  probe sign-in                       fails   14.2 ms  97 % ok
  probe certificate                   ok      –        certificate until 2027-03-01
  metrics of payments.production.7/0  up               41 series; line 12 (paid_total 1,5) expected a number at column 12
  job settlement                      failed  250 ms   failed with exit code 3: no file of yesterday

? payments old (elsewhere): nothing has been collected of it lately
`,
    )
  })

  it('says by route how requests were answered', () => {
    expect(renderHealthByRoute(viewOf({ ...production, releases: [] }, elsewhere), memoryScreen())).toBe(
      `✗ payments production: probe sign-in fails: database.status is "down", expected "up"
  ROUTE          RATE   FAILED  P50    P95    P99
  /payments/:id  180/s  0 %     10 ms  30 ms  90 ms
  other          0/s    –       –      –      –

? payments old (elsewhere): nothing has been collected of it lately
  No requests by route: watch.routes says which there are.
`,
    )
  })

  it('exits by what it found', () => {
    const well = { ...production, is: 'well' as const }
    expect(exitOf(viewOf(well))).toBe(exit.yes)
    expect(exitOf(viewOf(well, production, elsewhere))).toBe(exit.no)
    expect(exitOf(viewOf(well, elsewhere))).toBe(exit.unknown)
    expect(exitOf(viewOf())).toBe(exit.unknown)
  })
})
