import {
  type AlertRow,
  alertsView,
  type EnvironmentHeadroom,
  type EnvironmentRow,
  futuresView,
  headroomView,
  healthView,
  type ReleaseName,
  type ServiceRow,
  servicesView,
} from '../../src/contract/index.ts'
import { ahead, alert, day, future, headroom, health } from '../../src/contract/overview/overview.fixture.ts'
import type { Answers } from '../support/answers.ts'

/** A quarter of an hour ago, whenever it is looked at. */
export const now = Date.now() - 15 * 60_000
export const head = { schemaVersion: 1, at: now } as const

/** A government payments team's, from the front to the ledger. */
export const names = [
  ...['adminusers', 'cardid', 'connector', 'egress', 'frontend', 'ledger', 'notifications', 'products'],
  ...['products-ui', 'publicapi', 'publicauth', 'selfservice', 'toolbox', 'webhooks', 'worldpay-stub'],
]
const places = ['test', 'staging', 'production', 'perf']

const hexOf = (text: string): string => [...text].map((letter) => letter.charCodeAt(0).toString(16)).join('')

export const release = (of: string, subject = `Tell more of what ${of} does`): ReleaseName => {
  const short = hexOf(of).padEnd(12, '0').slice(0, 12)
  return {
    ...{ digest: `sha256:${short}`, short, commit: short.padEnd(40, '0'), subject },
    ...{ author: 'Ada', builtAt: now - 3_600_000 },
  }
}

const ledger = { accepted: 41_233, answered: 41_233, lost: 0, abandoned: 0, inFlight: 0, errors: 12 }
const rollback = {
  ...{ label: 'Roll back', effect: 'the release before will run again' },
  command: 'plimsoll rollback',
}

export const environment = (
  service: string,
  name: string,
  of: Partial<EnvironmentRow> = {},
): EnvironmentRow => ({
  ...{ name, address: 'http://127.0.0.1:20001', release: release(service), since: now - day },
  ...{ verified: true, instances: { ready: 3, wanted: 3 }, status: { is: 'steady', text: 'steady' } },
  ...{ waits: [], waivers: [], ledger, ...(name === 'production' ? { rollback } : {}) },
  lastDeployment: { id: `${service}-${name}-7`, standing: 'passed', text: 'passed', at: now - day },
  ...of,
})

export const serviceOf = (name: string, environments: EnvironmentRow[]): ServiceRow => ({
  ...{ name, repository: `/git/${name}.git`, timeZone: 'Europe/London', environments, spikes: [] },
  notifiers: [
    {
      ...{ name: 'slack', kind: 'slack', on: ['alert.page'], waits: 0, delivered: 12 },
      ...{ deliveredAt: now - day, lost: 0, givenUp: [] },
    },
  ],
  lastRun: {
    ...{ id: `${name}-41`, standing: 'passed', text: 'passed in 41 s', startedAt: now - day },
    change: {
      ...{ service: name, id: release(name).commit, short: release(name).short, branch: 'main' },
      ...{ subject: `Tell more of what ${name} does`, author: 'Ada', at: now - day },
    },
  },
})

/** What goes on where all is not as usual. */
const rows: Readonly<Record<string, Partial<EnvironmentRow>>> = {
  'connector production': {
    status: { is: 'deploying', text: 'canary of 0123456789ab: 5 % of requests, judged for 3 minutes' },
    deployment: 'connector-production-8',
  },
  'publicapi staging': {
    ...{ release: release('publicapi'), status: { is: 'degraded', text: '2 of 3 instances are ready' } },
    instances: { ready: 2, wanted: 3 },
  },
  'ledger production': {
    next: {
      ...{ release: release('ledger2', 'Keep what was refunded'), because: 'it runs in staging' },
      promote: { label: 'Promote', effect: 'it will run in production', command: 'plimsoll promote ledger' },
    },
    waivers: [
      {
        ...{ gate: 'loadLine', owner: 'ada', reason: 'the generator is being moved', since: now - day },
        until: now + day,
      },
    ],
  },
  'toolbox production': {
    ...{ status: { is: 'empty', text: 'nothing was deployed yet' }, instances: { ready: 0, wanted: 0 } },
  },
}

const firing: readonly AlertRow[] = [
  alert({
    ...{
      service: 'frontend',
      text: 'availability burns its budget 17 times as fast as evenly (2.1 % failed)',
    },
    ...{ firedAt: now - 600_000, next: 'look at what changed, roll back if it fits' },
  }),
  alert({
    ...{ service: 'webhooks', severity: 'ticket', window: '3d', slo: 'latency' },
    text: 'latency burns its budget 1.4 times as fast as evenly',
    firedAt: now - day,
  }),
  alert({ ...{ service: 'cardid', severity: 'ticket', window: '3d' }, text: 'burns', firedAt: now - day }),
]

const tight: Readonly<Record<string, Partial<EnvironmentHeadroom>>> = {
  connector: {
    used: { low: 0.8, at: 0.84, high: 0.88 },
    is: 'short',
    text: 'peaked at 84 % (80 – 88 %) of its load line on Friday 27 November 12:00 (UTC): 346/s of 412/s',
    ahead: ahead({
      ...{ is: 'crosses', text: 'crosses its load line about 20 December (80 %: 12 – 28 December)' },
      ...{ isSoon: true },
      crossing: { date: now + 21 * day, within: { 7: 0.1, 30: 0.8, 90: 1 }, horizonDays: 180 },
    }),
  },
}

const services = names.map((name) =>
  serviceOf(
    name,
    places.map((place) => environment(name, place, rows[`${name} ${place}`])),
  ),
)

/** What the first page asks for, of a team with so many services. */
export const firstPage: Answers = {
  '/api/services': {
    shape: servicesView,
    body: {
      ...head,
      wrong: [
        { text: 'publicapi staging: 2 of 3 instances are ready', link: '/deployments/publicapi-staging-7' },
      ],
      changed: names.slice(0, 9).map((name, i) => ({
        text: `Tell more of what ${name} does runs in ${name} production; 0 of 41,233 requests lost`,
        link: `/deployments/${name}-production-7`,
        at: now - (i + 1) * 3_600_000,
      })),
      waiting: [
        { text: 'ledger production: Keep what was refunded could go there: it runs in staging', link: '/' },
      ],
      services,
    },
  },
  '/api/alerts': { shape: alertsView, body: { ...head, alerts: firing, silences: [], places: [] } },
  '/api/health': {
    shape: healthView,
    body: {
      ...{ ...head, windowSeconds: 300 },
      services: names.map((name) => ({
        name,
        environments: places.map((place) =>
          health({ name: place, ...(name === 'frontend' && place === 'production' ? { is: 'ill' } : {}) }),
        ),
      })),
    },
  },
  '/api/headroom': {
    shape: headroomView,
    body: {
      ...head,
      environments: names.map((service) => headroom({ service, ...tight[service] })),
    },
  },
  '/api/futures': {
    shape: futuresView,
    body: {
      ...head,
      environments: [
        {
          ...{ service: 'connector', environment: 'production' },
          futures: [
            future({
              text: 'crosses its load line about 20 December (80 %: 12 – 28 December)',
              ...{ date: now + 21 * day, within: { 7: 0.1, 30: 0.8, 90: 1 }, ticketSince: now - day },
            }),
          ],
        },
        {
          ...{ service: 'ledger', environment: 'production' },
          futures: [
            future({
              ...{ kind: 'disk', name: '/var', label: 'disk /var', date: now + 40 * day },
              ...{ text: 'disk /var is full about 8 January', within: { 7: 0, 30: 0.2, 90: 0.9 } },
            }),
          ],
        },
      ],
    },
  },
}
