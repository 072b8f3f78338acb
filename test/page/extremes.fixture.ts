import {
  alertsView,
  changeView,
  deploymentView,
  type EnvironmentHealth,
  futuresView,
  headroomView,
  healthHistory,
  healthView,
  type JobView,
  servicesView,
  slosView,
  squeezesView,
} from '../../src/contract/index.ts'
import { ahead, alert, day, future, headroom, health } from '../../src/contract/overview/overview.fixture.ts'
import type { Answers } from '../support/answers.ts'
import { environment, head, now, release, serviceOf } from './fifteen.fixture.ts'

const long = (start: string): string => start.padEnd(80, `-${start}`)
/** Nothing of it may be broken at a blank. */
export const longest = long('reconciliation')
const subject =
  'Tell the ledger of refunds that were asked for twice, so that nobody is paid twice and nobody waits'

const places = [
  ...['dev', 'test-1', 'test-2', 'test-3', 'integration', 'staging', 'preproduction', 'production-1'],
  ...['production-2', 'production-3', 'perf', long('disaster-recovery')],
]

const twelve = serviceOf(
  longest,
  places.map((name) => environment(longest, name, { release: release(longest, subject) })),
)

const jobNames = [...Array(30).keys()].map((i) => (i === 7 ? long('browser-tests') : `job-${i + 1}`))
const jobs = jobNames.map(
  (name, i): JobView => ({
    ...{ name, needs: i < 5 ? [] : jobNames.slice(0, i).slice(-8) },
    standing: i === 12 ? 'failed' : i > 25 ? 'skipped' : 'passed',
    startedAt: now + i * 1_000,
    endedAt: now + i * 1_000 + 500 * (1 + (i % 7)),
    steps: [...Array(4).keys()].map((n) => ({
      id: `${i}.${n}`,
      title: n === 2 ? `npx playwright test --project ${longest} --reporter junit` : 'npm ci',
      standing: i === 12 && n === 3 ? 'failed' : i > 25 ? 'skipped' : 'passed',
      tries:
        i > 25
          ? []
          : [{ id: `${i}.${n}.1`, standing: i === 12 && n === 3 ? 'failed' : 'passed', startedAt: now }],
    })),
    ...(i === 12
      ? {
          tests: {
            ...{ passed: 48, failed: 2, skipped: 0 },
            failures: [{ name: `${longest} > ${subject}`, message: `expected ${longest}${longest}` }],
          },
        }
      : {}),
  }),
)

const change = {
  ...{
    service: longest,
    id: release(longest).commit,
    short: 'c'.repeat(12),
    branch: long('feature/refunds'),
  },
  ...{ subject, author: 'Augusta Ada King, Countess of Lovelace', at: now },
}

const fleet = (role: 'live' | 'new') => ({
  ...{ fleet: `${longest}.production.${role}`, role, release: release(longest, subject), wantedWeight: 50 },
  ...{ actualShare: 0.5, serving: 40, size: 40 },
  instances: [...Array(40).keys()].map((i) => ({
    ...{ id: `${longest}/${i}`, phase: i === 3 ? ('backingOff' as const) : ('ready' as const) },
    ...{ port: 20_000 + i, since: now, crashes: 0 },
    ...(i === 3 ? { because: `exited with code 1: cannot reach ${longest}.internal` } : {}),
  })),
  ledger: { accepted: 123_456_789, answered: 123_456_000, lost: 789, abandoned: 0, inFlight: 0, errors: 12 },
  latency: { p50: 12, p95: 812, p99: 12_345 },
})

const deployment = {
  ...{
    ...head,
    id: `${longest}.dev.1`,
    service: longest,
    environment: places.at(-1),
    strategy: 'canary',
  },
  ...{
    timeZone: 'Asia/Kolkata',
    kind: 'deployment',
    takesRequests: true,
    standing: 'running',
    text: '5 % of requests go to the new',
  },
  ...{ reasons: [], actor: 'ada', startedAt: now, from: release(longest), to: release(longest, subject) },
  rail: [...Array(24).keys()].map((i) => ({
    ...{ title: `${longest.slice(0, 40)} stage ${i}`, standing: i < 20 ? 'passed' : 'waiting', at: now },
  })),
  fleets: [fleet('live'), fleet('new')],
  ledger: fleet('live').ledger,
  lostRequests: [...Array(30).keys()].map((i) => ({
    ...{ at: now, method: 'POST', path: `/v1/${longest}/${i}?token=${longest}`, instance: `${longest}/${i}` },
    because: 'the connection was closed before an answer came',
  })),
  gates: [
    {
      ...{ name: 'loadLine', is: 'fail', reasons: [{ text: `carries 6 % less than ${longest}` }] },
      waiver: {
        ...{ gate: 'loadLine', owner: 'ada', reason: 'the generator is moved', since: now, until: now + day },
      },
    },
    {
      ...{ name: 'signOff', is: 'fail', reasons: [{ text: `${longest} has not been signed off by two` }] },
      action: { label: 'Sign off', effect: 'one of two has signed', command: `plimsoll sign-off ${longest}` },
    },
  ],
}

const slos = [...Array(10).keys()].map((i) => ({
  ...{ name: i === 4 ? long('latency') : `latency-of-route-${i}`, objective: 0.999, days: 28 },
  ...{ left: 1 - i / 8, evenBurn: i / 4, burnNow: i, coverage: 0.97 },
  ...(i > 6 ? { endsAt: now + day } : {}),
}))

const ill: EnvironmentHealth = health({
  ...{ name: 'production', is: 'ill' },
  reasons: [`page: ${longest} burns its budget`, ...slos.slice(1).map(({ name }) => `ticket: ${name} burns`)],
  releases: [
    { version: 'c'.repeat(12), ratePerSecond: 12_345.6, errorRatio: 0.021, p50: 0.01, p95: 1, p99: 9 },
  ],
  routes: [...Array(20).keys()].map((i) => ({ route: `/v1/${longest}/:id/${i}`, ratePerSecond: i })),
  instances: [...Array(12).keys()].map((i) => ({ instance: `${longest}/${i}`, version: 'c'.repeat(12) })),
  probes: [
    {
      name: long('front'),
      ok: false,
      because: `cannot resolve ${longest}.example.org`,
      certificateEnds: now,
    },
  ],
})

const crossing = ahead({
  ...{ is: 'crosses', isSoon: true, text: 'crosses its load line about 20 December' },
  crossing: { date: now + 21 * day, within: { 7: 0.1, 30: 0.8, 90: 1 }, horizonDays: 180 },
})

const own = `/api/services/${longest}`

/** Everything at its longest and widest. */
export const extremes: Answers = {
  '/api/services': {
    shape: servicesView,
    body: {
      ...head,
      wrong: [{ text: `${longest} production: ${subject}`, link: '/' }],
      changed: [
        {
          text: `${subject} runs in ${places.map((one) => `${longest} ${one}`).join(', ')}`,
          link: '/',
          at: now,
        },
      ],
      waiting: [{ text: `${longest} production could go on`, link: '/' }],
      services: [
        ...['a', 'b', 'c', 'd'].map((name) => serviceOf(name, [environment(name, 'production')])),
        twelve,
      ],
    },
  },
  '/api/alerts': {
    shape: alertsView,
    body: {
      ...{ ...head, silences: [], alerts: [alert({ service: longest, text: `${longest} burns` })] },
      places: [{ service: longest, environments: places, slos: [longest] }],
    },
  },
  '/api/health': {
    shape: healthView,
    body: {
      ...{ ...head, windowSeconds: 300 },
      services: [{ name: longest, environments: [ill, ...places.map((name) => health({ name }))] }],
    },
  },
  '/api/headroom': {
    shape: headroomView,
    body: {
      ...head,
      environments: places.map((name) =>
        headroom({
          ...{ service: longest, environment: name },
          ...(name === 'production-1' ? { ahead: crossing } : {}),
        }),
      ),
    },
  },
  '/api/futures': {
    shape: futuresView,
    body: {
      ...head,
      environments: [
        {
          ...{ service: longest, environment: 'production' },
          futures: [...Array(9).keys()].map((i) =>
            future({
              kind: 'disk',
              name: `/${i}`,
              label: `disk /${longest}`,
              text: `disk /${longest} is full`,
              date: now,
            }),
          ),
        },
      ],
    },
  },
  '/api/slos': {
    shape: slosView,
    body: {
      ...head,
      environments: [
        {
          ...{ service: longest, environment: 'production', timeZone: 'Europe/London', slos },
          alerts: [
            alert({ text: `${longest} burns its budget`, changes: [`${longest}.production.1 was deployed`] }),
          ],
        },
      ],
    },
  },
  [`${own}/environments/production/health`]: {
    shape: healthHistory,
    body: {
      ...{ ...head, service: longest, environment: 'production', errors: [], p95: [], deployments: [] },
      ...{ times: [now - 120_000, now - 60_000, now] },
      rate: [{ name: longest, values: [1, null, 3] }],
    },
  },
  [`${own}/environments/production/squeezes`]: {
    shape: squeezesView,
    body: { schemaVersion: 1, allowed: false, squeezes: [] },
  },
  [`${own}/changes/${change.id}`]: {
    shape: changeView,
    body: {
      ...{ schemaVersion: 1, change, comparisons: [] },
      runs: [
        {
          ...{
            schemaVersion: 1,
            id: `${longest}-41`,
            change,
            standing: 'failed',
            text: 'job-13 failed: 2 of 50',
          },
          ...{ reasons: [{ text: longest }], startedAt: now, endedAt: now + 40_000, actor: 'ada', jobs },
          release: release(longest, subject),
        },
      ],
      deployments: places.map((name) => ({
        ...{ id: `${longest}.${name}.1`, environment: name, standing: 'passed', text: subject, at: now },
      })),
    },
  },
  [`/api/deployments/${encodeURIComponent(deployment.id)}`]: { shape: deploymentView, body: deployment },
  [`/api/runs/${longest}-41/steps/12.3.1/log`]: `${longest.repeat(10)}\n${'npm warn deprecated\n'.repeat(300)}Error: it did not hold\n`,
}

/** Pages, by what is extreme about them. */
export const extremePages: Readonly<Record<string, string>> = {
  'twelve environments': `/?name=${longest}`,
  'thirty jobs': `/services/${longest}/changes/${change.id}`,
  'a waterfall of thirty jobs': `/services/${longest}/changes/${change.id}?view=waterfall`,
  'forty instances': `/deployments/${deployment.id}`,
  'ten SLOs': `/services/${longest}/health`,
}
