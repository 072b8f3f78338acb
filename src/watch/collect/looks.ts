import type { NamedUse } from '../../engine/index.ts'
import type { TrafficSeen } from '../../fleet/index.ts'
import type { Use } from '../../host/index.ts'
import type { Instant } from '../../kernel/index.ts'
import type { MetricType, Reading } from '../../series/index.ts'
import { letIn, type Secrets } from '../access/let-in.ts'
import type { HeartbeatState } from '../plan/heartbeats/state.ts'
import type { JourneyProbe } from '../probes/config.ts'
import { type JourneyFound, journeyProblems } from '../probes/plan/journey.ts'
import { type ProbeResult, type ProbeStep, probeReadings, runProbe } from '../probes/probe.ts'
import { beatReadings } from './plan/beats.ts'
import { prometheusReadings } from './plan/prometheus.ts'
import { type ScrapeProblem, scrapedReadings } from './plan/scraped.ts'
import type { CollectSource } from './plan/sources.ts'
import { gatewayProblems, type TrafficBefore, trafficReadings } from './plan/traffic.ts'
import { readingsOfUse } from './plan/uses.ts'
import { labelsOf, type Watched, type WatchedInstance } from './plan/watched.ts'
import { askPrometheus } from './prometheus.ts'
import { scrape } from './scrape.ts'

/** What an instance uses; of one in containers, each of them, too. */
export type InstanceUse = Use & { readonly containers?: readonly NamedUse[] }

/** What Plimsoll itself knows of what it runs. */
export interface Surroundings {
  /** Everything that there is to watch now. */
  watched(): Promise<readonly Watched[]>
  traffic(gateway: string): Promise<TrafficSeen>
  /** Short name of the release of each fleet; those that nobody knows are left out. */
  versions(fleets: readonly string[]): Promise<Readonly<Record<string, string>>>
  /** How the jobs of a service in an environment stand. */
  heartbeats(service: string, environment: string): Promise<readonly HeartbeatState[]>
  /** One user goes once through the scenario of a service, as its protected branch has it. */
  journey(service: string, probe: JourneyProbe, address: string | undefined): Promise<JourneyFound>
  readonly secrets: Secrets
  /** What instances use, by the name of each; those that have ended are left out. */
  uses(instances: readonly WatchedInstance[]): Promise<ReadonlyMap<string, InstanceUse>>
}

/** What a look at a source gave. */
export type Looked = {
  readonly readings: readonly Reading[]
  readonly problems: readonly ScrapeProblem[]
  /** Of a journey. */
  readonly steps?: readonly ProbeStep[]
}

/** What the next look at the same source has to know of the last. */
export type Memory = {
  traffic?: TrafficBefore
  scrapedAt?: Instant
  types?: ReadonlyMap<string, MetricType>
  /** So many steps had the last whole pass of a journey. */
  steps?: number
}

/** A line is shorter, with its share of what describes it; and whoever tells little may tell it at length. */
const bytesOfSample = 400
const leastBytes = 4 * 2 ** 20
/** An answer must be there before it is asked for again. */
const longestScrapeMs = 10_000

type Of<K extends CollectSource['kind']> = Extract<CollectSource, { kind: K }>

async function lookAtGateway(
  { of, gateway }: Of<'gateway'>,
  at: Instant,
  memory: Memory,
  around: Surroundings,
) {
  const seen = await around.traffic(gateway)
  if (!seen.reachable)
    return { readings: [], problems: [{ kind: 'unreachable', text: 'the gateway does not answer' } as const] }
  const versions = await around.versions(Object.keys(seen.counts))
  const { readings, seen: before } = trafficReadings(of, seen, versions, at, memory.traffic)
  if (before) memory.traffic = before
  const problems = gatewayProblems(seen).map((text) => ({ kind: 'gateway' as const, text }))
  return { readings, problems }
}

async function lookAtPrometheus(
  { of, prometheus, intervalMs }: Of<'prometheus'>,
  at: Instant,
  around: Surroundings,
): Promise<Looked> {
  const access = await letIn(prometheus.access, around.secrets)
  const timeoutMs = Math.min(longestScrapeMs, intervalMs)
  const said =
    'because' in access ? access : await askPrometheus(prometheus.url, prometheus, access, timeoutMs, at)
  if ('because' in said)
    return {
      readings: [],
      problems: [{ kind: 'unknown', text: `the Prometheus at ${prometheus.url} ${said.because}` }],
    }
  return {
    readings: prometheusReadings(of, said.figures, at),
    problems: said.problems.map((text) => ({ kind: 'unknown', text })),
  }
}

async function lookAtTarget(
  { of, target, intervalMs }: Of<'target'>,
  at: Instant,
  memory: Memory,
  around: Surroundings,
) {
  const labels = labelsOf(of, { service_version: target.version, instance: target.instance })
  const access = await letIn(target.access ?? {}, around.secrets)
  const timeoutMs = Math.min(longestScrapeMs, intervalMs)
  const longestBytes = Math.max(leastBytes, of.mostSamples * bytesOfSample)
  const answer =
    'because' in access ? { ...access, tookMs: 0 } : await scrape(target.url, timeoutMs, longestBytes, access)
  const scraped = scrapedReadings(answer, labels, of.mostSamples, at, memory.types, memory.scrapedAt)
  if ('text' in answer) Object.assign(memory, { scrapedAt: at, types: scraped.types })
  return { readings: [...scraped.readings, ...scraped.about], problems: scraped.problems }
}

async function lookAtInstances({ of }: Of<'instances'>, at: Instant, around: Surroundings) {
  const uses = await around.uses(of.instances)
  const readings = of.instances.flatMap((one) => {
    const use = uses.get(one.instance)
    return use ? readingsOfUse(of, one, use, at) : []
  })
  return { readings, problems: [] }
}

async function travel(
  { of, probe }: Of<'probe'> & { readonly probe: JourneyProbe },
  memory: Memory,
  around: Surroundings,
): Promise<ProbeResult> {
  const found = await around.journey(of.service, probe, of.address)
  const problems = journeyProblems(found, memory.steps)
  if (found.isWhole) memory.steps = found.steps.length
  const steps = found.steps.map(({ problems: own, ...step }) => ({ ...step, isWell: own.length === 0 }))
  return { durationMs: found.durationMs, problems, steps }
}

async function lookByProbe(source: Of<'probe'>, at: Instant, memory: Memory, around: Surroundings) {
  const { of, probe } = source
  const result =
    probe.kind === 'journey'
      ? await travel({ ...source, probe }, memory, around)
      : await runProbe(probe, of.address, at)
  const labels = labelsOf(of, { plimsoll_probe: probe.name })
  return {
    readings: probeReadings(result, labels, at),
    problems: result.problems.map((text) => ({ kind: 'probe' as const, text })),
    ...(result.steps ? { steps: result.steps } : {}),
  }
}

async function lookAtHeartbeats({ of }: Of<'heartbeats'>, at: Instant, around: Surroundings) {
  const states = await around.heartbeats(of.service, of.environment)
  return { readings: beatReadings(of, states, at), problems: [] }
}

/** Looks at one thing once. @param memory what was there the last time; changed */
export async function look(
  source: CollectSource,
  at: Instant,
  memory: Memory,
  around: Surroundings,
): Promise<Looked> {
  switch (source.kind) {
    case 'gateway':
      return lookAtGateway(source, at, memory, around)
    case 'target':
      return lookAtTarget(source, at, memory, around)
    case 'instances':
      return lookAtInstances(source, at, around)
    case 'probe':
      return lookByProbe(source, at, memory, around)
    case 'prometheus':
      return lookAtPrometheus(source, at, around)
    case 'heartbeats':
      return lookAtHeartbeats(source, at, around)
  }
}
