import type { ErrorView } from '../contract/index.ts'

/** What the server said was wrong, in its own words. */
export class ApiError extends Error {
  readonly code: string
  readonly hint: string
  /** Everything that was wrong. */
  readonly problems: readonly string[]

  constructor({ error }: ErrorView) {
    super(error.problems[0]?.text ?? error.message)
    this.code = error.code
    this.hint = error.hint
    this.problems = error.problems.length > 0 ? error.problems.map(({ text }) => text) : [error.message]
  }
}

const tokenKey = 'plimsoll-token'
export const storedToken = (): string | null => sessionStorage.getItem(tokenKey)
export const storeToken = (token: string): void => sessionStorage.setItem(tokenKey, token)
export const forgetToken = (): void => sessionStorage.removeItem(tokenKey)

/** What a request is signed with: nothing while no token was given in this tab. */
export const signed = (): Record<string, string> => {
  const token = storedToken()
  return token ? { authorization: `Bearer ${token}` } : {}
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, init)
  if (response.ok) return (await response.json()) as T
  throw new ApiError((await response.json()) as ErrorView)
}

/** The server answers in the shapes of the contract; its own tests see to that. */
export const get = <T>(path: string): Promise<T> => ask<T>(path, { headers: signed() })

export const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown): Promise<T> =>
  ask<T>(path, {
    method,
    headers: { 'content-type': 'application/json', ...signed() },
    body: JSON.stringify(body),
  })

const named = (all: Readonly<Record<string, string>>): string =>
  new URLSearchParams(Object.entries(all).filter(([, value]) => value !== '')).toString()

export const paths = {
  alerts: (filter: { readonly service?: string; readonly environment?: string } = {}) =>
    `/api/alerts?${named(filter)}`,
  alertHistory: (filter: { readonly service: string; readonly environment: string }) =>
    `/api/alerts/history?${named(filter)}`,
  silences: (service: string) => `/api/services/${encodeURIComponent(service)}/silences`,
  silence: (id: string) => `/api/silences/${encodeURIComponent(id)}`,
  services: '/api/services',
  health: (service = '') => `/api/health?${named({ service })}`,
  futures: (service = '') => `/api/futures?${named({ service })}`,
  headroom: (service = '') => `/api/headroom?${named({ service })}`,
  forecast: (service: string, environment: string) => `/api/forecasts?${named({ service, environment })}`,
  slos: (service: string) => `/api/slos?${new URLSearchParams({ service })}`,
  healthHistory: (service: string, environment: string, minutes: number) =>
    `/api/services/${encodeURIComponent(service)}/environments/${encodeURIComponent(environment)}/health?minutes=${minutes}`,
  change: (service: string, id: string) =>
    `/api/services/${encodeURIComponent(service)}/changes/${encodeURIComponent(id)}`,
  deployment: (id: string) => `/api/deployments/${encodeURIComponent(id)}`,
  goOn: (deployment: string) => `/api/deployments/${encodeURIComponent(deployment)}/continue`,
  deployments: (service: string, environment: string) =>
    `/api/services/${encodeURIComponent(service)}/environments/${encodeURIComponent(environment)}/deployments`,
  plan: (service: string, environment: string, { kind, release }: { kind: string; release?: string }) =>
    `/api/services/${encodeURIComponent(service)}/environments/${encodeURIComponent(environment)}/plan?${new URLSearchParams({ kind, ...(release === undefined ? {} : { release }) })}`,
  signOffs: (service: string, environment: string) =>
    `/api/services/${encodeURIComponent(service)}/environments/${encodeURIComponent(environment)}/sign-offs`,
  waiver: (service: string, environment: string, gate: string) =>
    `/api/services/${encodeURIComponent(service)}/environments/${encodeURIComponent(environment)}/waivers/${encodeURIComponent(gate)}`,
  comparison: (id: string) => `/api/comparisons/${encodeURIComponent(id)}`,
  spikes: (service: string) => `/api/services/${encodeURIComponent(service)}/tries`,
  spikeAction: (spike: string, what: 'extend' | 'close') => `/api/tries/${encodeURIComponent(spike)}/${what}`,
  squeezes: (service: string, environment: string) =>
    `/api/services/${encodeURIComponent(service)}/environments/${encodeURIComponent(environment)}/squeezes`,
  stopSqueeze: (id: string) => `/api/squeezes/${encodeURIComponent(id)}/cancel`,
  loadTest: (id: string) => `/api/load-tests/${encodeURIComponent(id)}`,
  load: (service: string) => `/api/services/${encodeURIComponent(service)}/load`,
  log: (run: string, attempt: string) =>
    `/api/runs/${encodeURIComponent(run)}/steps/${encodeURIComponent(attempt)}/log`,
} as const

/** A page of what fires. */
export const alertsHref = (filter: { readonly service: string; readonly environment?: string }): string =>
  `/alerts?${named(filter)}`
