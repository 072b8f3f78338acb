import type {
  AlertRow,
  EnvironmentHeadroom,
  EnvironmentHealth,
  EnvironmentRow,
  FutureView,
  HeadroomAhead,
  ServiceRow,
  ServicesView,
} from '../index.ts'
import type { Sights } from './notes.ts'

export const day = 86_400_000
export const now = Date.UTC(2026, 10, 28)

export const alert = (of: Partial<AlertRow> = {}): AlertRow => ({
  ...{ service: 'payments', environment: 'production', slo: 'availability', window: '1h', severity: 'page' },
  ...{ text: 'its budget burns 17 times as fast as evenly', next: 'look', changes: [], firedAt: now },
  ...of,
})

export const health = (of: Partial<EnvironmentHealth> = {}): EnvironmentHealth => ({
  ...{ name: 'production', runs: 'here', is: 'well', reasons: [], releases: [], routes: [], instances: [] },
  ...{ probes: [], targets: [], heartbeats: [] },
  ...of,
})

export const ahead = (of: Partial<HeadroomAhead> = {}): HeadroomAhead => ({
  ...{ is: 'stays', text: 'stays below its load line for 180 days', found: [], isSoon: false },
  ...{ leadDays: 30, timeZone: 'Etc/UTC' },
  crossing: { within: { 7: 0, 30: 0, 90: 0 }, horizonDays: 180 },
  ...of,
})

export const headroom = (of: Partial<EnvironmentHeadroom> = {}): EnvironmentHeadroom => ({
  ...{ service: 'payments', environment: 'production', is: 'enough', found: [], reasons: [], below: 0.2 },
  text: 'peaked at 61 % of its load line',
  ...{ instances: 3, knownHours: 672, soughtHours: 672, used: { low: 0.6, at: 0.61, high: 0.62 } },
  line: { low: 400, at: 412, high: 420, how: 'measured', measured: [] },
  ahead: ahead(),
  ...of,
})

export const future = (of: Partial<FutureView> = {}): FutureView => ({
  ...{ is: 'foreseen', kind: 'headroom', name: 'headroom', label: 'headroom', found: [], foundAt: now },
  ...{ text: 'crosses its load line about 12 March', within: { 7: 0, 30: 0, 90: 0.1 } },
  ...of,
})

const head = { schemaVersion: 1, at: now } as const

/** What is known when everything was answered. */
export const sights = (of: {
  readonly alerts?: AlertRow[]
  readonly health?: EnvironmentHealth[]
  readonly headroom?: EnvironmentHeadroom[]
  readonly futures?: FutureView[]
}): Sights => ({
  alerts: { ...head, alerts: of.alerts ?? [], silences: [], places: [] },
  health: { ...head, windowSeconds: 300, services: [{ name: 'payments', environments: of.health ?? [] }] },
  headroom: { ...head, environments: of.headroom ?? [] },
  futures: {
    ...head,
    environments: [{ service: 'payments', environment: 'production', futures: of.futures ?? [] }],
  },
})

const environment: EnvironmentRow = {
  ...{ name: 'production', after: 'staging', address: 'http://127.0.0.1:8080' },
  release: {
    ...{ digest: 'sha256:3f2a91c0d4e5', short: '3f2a91c0d4e5', commit: 'c0ffee', subject: 'Take payments' },
    ...{ author: 'Ada', builtAt: now },
  },
  instances: { ready: 2, wanted: 2 },
  status: { is: 'steady', text: 'steady' },
  waits: [],
  ledger: { accepted: 9, answered: 9, lost: 0, abandoned: 0, inFlight: 0, errors: 0 },
  waivers: [],
}

/** A service with one environment, whose last run has failed. */
export const service = (name: string): ServiceRow => ({
  ...{
    name,
    repository: `/git/${name}.git`,
    timeZone: 'Etc/UTC',
    environments: [environment],
    spikes: [],
    notifiers: [],
  },
  lastRun: {
    ...{ id: `${name}.3`, standing: 'failed', text: 'test failed', startedAt: now, endedAt: now },
    change: {
      ...{ service: name, id: 'c0ffee', short: 'c0ffee', branch: 'main', subject: 'Refund in euros' },
      ...{ author: 'Ada', at: now },
    },
  },
})

/** What runs where. */
export const services = (of: Partial<ServicesView> = {}): ServicesView => ({
  ...{ ...head, wrong: [], changed: [], waiting: [], services: [service('payments')] },
  ...of,
})
