import type { Json } from '../kernel/index.ts'
import { valueAt } from './keyPath.ts'

/**
 * What the cross-checks look at, read from a configuration that may be wrong anywhere: whatever has another
 * shape than expected is left out here, and reported by the schema.
 */
export type Sketch = {
  readonly hasStart: boolean
  /** Instances take no requests. */
  readonly isWorker: boolean
  /** What instances say that only those can which take requests. */
  readonly asked: readonly string[]
  readonly hasReady: boolean
  /** Instances say where they tell their counters. */
  readonly hasMetrics: boolean
  readonly containers: ReadonlyMap<string, ContainerSketch>
  /** Job → the jobs that it needs. */
  readonly jobs: ReadonlyMap<string, readonly string[]>
  readonly environments: ReadonlyMap<string, EnvironmentSketch>
  /** Something says what a good answer under load is. */
  readonly hasObjective: boolean
  readonly comparesBesideProduction: boolean
  readonly slos: readonly SloSketch[]
  /** Names of those who can be told of alerts, and of those that they are routed to. */
  readonly notifiers: readonly string[]
  /** Names of all who are told of anything, in order. */
  readonly notify: readonly string[]
  readonly routes: readonly (readonly string[])[]
  /** The team's own Prometheus has the series. */
  readonly hasPrometheus: boolean
  /** Names of the places where it is only watched. */
  readonly elsewhere: readonly ElsewhereSketch[]
  /** In order; '' where there is no telling what one is called. */
  readonly probes: readonly ProbeSketch[]
  /** In order, as probes. */
  readonly heartbeats: readonly NamedSketch[]
  /** Names of what is watched for when it is full, in order. */
  readonly filling: readonly string[]
}

export type NamedSketch = { readonly name: string; readonly in?: readonly string[] }

export type SloSketch = {
  /** As it is called when nothing is said: like its kind. */
  readonly name: string
  readonly isPromql: boolean
  /** The probe that it counts. */
  readonly probe: string | undefined
  readonly environments: readonly string[]
}

export type ElsewhereSketch = {
  readonly name: string
  readonly hasAddress: boolean
  /** Metrics of which only the path is given. */
  readonly hasPaths: boolean
}

export type ProbeSketch = NamedSketch & {
  /** Only the path is given. */
  readonly isPath: boolean
}

export type ContainerSketch = {
  readonly takesRequests: boolean
  /** Both of the two sources that exclude each other are given. */
  readonly isTornBetween: boolean
}

export type EnvironmentSketch = {
  readonly target: string
  readonly after?: string
  readonly port?: number
  /** Undefined when not given: the default gates hold. */
  readonly gates?: readonly string[]
  /** What they are called, configured ones too; '' where there is no telling. */
  readonly gateNames?: readonly string[]
  /** Of which kind they are: configured ones, and those that are named. */
  readonly gateKinds?: readonly string[]
  readonly soaks?: boolean
  readonly inStepWith?: string
  /** The keys that it gives. */
  readonly given: readonly string[]
  /** Keys of its load test, when it has one; `asleep: false` as such. */
  readonly loadTest?: { readonly given: readonly string[]; readonly stays: boolean }
  /** Names of its variables, and of what it declares to differ. */
  readonly variables: readonly string[]
  readonly differs: readonly string[]
  /** Containers to which it gives limits. */
  readonly limited: readonly string[]
  readonly strategy?: string
  readonly hasNoOverlap?: boolean
  /** It deploys by canaries that are judged by counters. */
  readonly hasCounters?: boolean
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const entriesOf = (value: Json | undefined) => (isObject(value) ? Object.entries(value) : [])

/** The texts of a list; others keep their place as '' so that indexes stay right. */
const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.map((item: Json) => (typeof item === 'string' ? item : '')) : []

const sketchContainer = (value: Json | undefined): ContainerSketch => ({
  takesRequests: valueAt(value, ['port']) !== undefined,
  isTornBetween: ['dockerfile', 'image'].every((key) => valueAt(value, [key]) !== undefined),
})

const textAt = (value: Json, key: string): string | undefined => {
  const found = valueAt(value, [key])
  return typeof found === 'string' ? found : undefined
}

function sketchGates(gates: Json | undefined): Partial<EnvironmentSketch> {
  if (gates === undefined) return {}
  const all: readonly Json[] = Array.isArray(gates) ? gates : []
  const nameOf = (gate: Json) =>
    typeof gate === 'string' ? gate : (textAt(gate, 'name') ?? textAt(gate, 'kind') ?? '')
  return {
    gates: textsOf(gates),
    gateNames: all.map(nameOf),
    gateKinds: all.map((gate) => (typeof gate === 'string' ? gate : (textAt(gate, 'kind') ?? ''))),
    soaks: all.some((gate) => textAt(gate, 'kind') === 'soak'),
  }
}

function sketchLoadTest(value: Json | undefined): Partial<EnvironmentSketch> {
  if (!isObject(value)) return {}
  return { loadTest: { given: Object.keys(value), stays: value.asleep === false } }
}

function sketchEnvironment(value: Json | undefined): EnvironmentSketch {
  const after = valueAt(value, ['after'])
  const port = valueAt(value, ['port'])
  const gates = valueAt(value, ['gates'])
  const inStepWith = valueAt(value, ['inStepWith'])
  const namesAt = (key: string) => entriesOf(valueAt(value, [key])).map(([name]) => name)
  const strategy = valueAt(value, ['deploy', 'strategy'])
  const counters = valueAt(value, ['deploy', 'counters'])
  const target = valueAt(value, ['target'])
  return {
    given: entriesOf(value).map(([name]) => name),
    variables: namesAt('env'),
    differs: namesAt('differs'),
    limited: namesAt('limits'),
    ...sketchLoadTest(valueAt(value, ['loadTest'])),
    ...(typeof inStepWith === 'string' ? { inStepWith } : {}),
    target: typeof target === 'string' ? target : 'process',
    ...(typeof after === 'string' ? { after } : {}),
    ...(typeof port === 'number' ? { port } : {}),
    ...sketchGates(gates),
    ...(typeof strategy === 'string' ? { strategy } : {}),
    ...(valueAt(value, ['deploy', 'overlap']) === false ? { hasNoOverlap: true } : {}),
    ...(Array.isArray(counters) && counters.length > 0 ? { hasCounters: true } : {}),
  }
}

function sketchElsewhere([name, value]: readonly [string, Json | undefined]): ElsewhereSketch {
  const metrics = valueAt(value, ['metrics'])
  const all = (Array.isArray(metrics) ? metrics : [metrics ?? null]).map((one: Json) =>
    typeof one === 'string' ? one : (textAt(one, 'url') ?? ''),
  )
  return {
    name,
    hasAddress: valueAt(value, ['address']) !== undefined,
    hasPaths: all.some((one) => one.startsWith('/')),
  }
}

function sketchNamed(value: Json): NamedSketch {
  const places = valueAt(value, ['in'])
  return {
    name: textAt(value, 'name') ?? '',
    ...(places === undefined ? {} : { in: typeof places === 'string' ? [places] : textsOf(places) }),
  }
}

function sketchProbe(value: Json): ProbeSketch {
  const url = valueAt(value, ['url'])
  return {
    ...sketchNamed(value),
    isPath:
      textAt(value, 'kind') === 'http' &&
      (url === undefined || textAt(value, 'url')?.startsWith('/') === true),
  }
}

const isLatency = (slo: Json): boolean => valueAt(slo, ['kind']) === 'latency'

function hasObjective(root: Json): boolean {
  const slos = valueAt(root, ['slos'])
  return valueAt(root, ['load', 'objective']) !== undefined || (Array.isArray(slos) && slos.some(isLatency))
}

function sketchSlos(slos: Json | undefined): readonly SloSketch[] {
  return listOf(slos).map((slo) => ({
    name: textAt(slo, 'name') ?? textAt(slo, 'kind') ?? '',
    isPromql: valueAt(slo, ['kind']) === 'promql',
    probe: textAt(slo, 'probe'),
    environments: textsOf(valueAt(slo, ['environments'])),
  }))
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

const nameOrKind = (one: Json): string => textAt(one, 'name') ?? textAt(one, 'kind') ?? ''

/** A heartbeat says only that all is well. */
const sketchNotifiers = (notify: Json | undefined): readonly string[] =>
  listOf(notify)
    .filter((one) => textAt(one, 'kind') !== 'heartbeat')
    .map(nameOrKind)

const sketchRoutes = (routes: Json | undefined): readonly (readonly string[])[] =>
  listOf(routes).map((route) => textsOf(valueAt(route, ['to'])))

export function sketchConfig(root: Json): Sketch {
  const jobs = entriesOf(valueAt(root, ['pipeline']))
  const environments = entriesOf(valueAt(root, ['environments']))
  return {
    hasStart: valueAt(root, ['start']) !== undefined,
    isWorker: valueAt(root, ['start', 'port']) === false,
    asked: ['health', 'metrics'].filter((key) => valueAt(root, ['start', key]) !== undefined),
    hasReady: valueAt(root, ['start', 'ready']) !== undefined,
    hasMetrics: valueAt(root, ['start', 'metrics']) !== undefined,
    containers: new Map(
      entriesOf(valueAt(root, ['containers'])).map(([name, value]) => [name, sketchContainer(value)]),
    ),
    jobs: new Map(jobs.map(([name, job]) => [name, textsOf(valueAt(job, ['needs']))])),
    environments: new Map(environments.map(([name, value]) => [name, sketchEnvironment(value)])),
    hasObjective: hasObjective(root),
    comparesBesideProduction: valueAt(root, ['load', 'besideProduction']) === true,
    notifiers: sketchNotifiers(valueAt(root, ['notify'])),
    notify: listOf(valueAt(root, ['notify'])).map(nameOrKind),
    routes: sketchRoutes(valueAt(root, ['alerts', 'routes'])),
    slos: sketchSlos(valueAt(root, ['slos'])),
    hasPrometheus: valueAt(root, ['watch', 'prometheus']) !== undefined,
    elsewhere: entriesOf(valueAt(root, ['watch', 'elsewhere'])).map(sketchElsewhere),
    probes: listOf(valueAt(root, ['probes'])).map(sketchProbe),
    filling: listOf(valueAt(root, ['predict', 'watched'])).map((one) => textAt(one, 'name') ?? ''),
    heartbeats: listOf(valueAt(root, ['watch', 'heartbeats'])).map(sketchNamed),
  }
}
