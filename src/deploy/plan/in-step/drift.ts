import type { InstanceSeen } from '../../../fleet/index.ts'
import { canonicalJson, type Instant, shortDigest } from '../../../kernel/index.ts'
import type { Live } from '../lane-state.ts'
import type { DeploymentSettings } from '../order.ts'
import type { Schema } from '../schema.ts'
import { partsOf, sayPart } from './parts.ts'
import { type InStep, sizeInStep } from './settings.ts'

/** What an environment is: what was asked for, and what is seen of it. */
export type Running = {
  readonly environment: string
  readonly live?: Live
  /** What ran here before, newest first. */
  readonly before?: readonly Pick<Live, 'release' | 'since'>[]
  /** As the live release was brought here. */
  readonly settings?: DeploymentSettings
  readonly schema?: Schema
  /** Instances that are wanted; 0 while it sleeps. */
  readonly size: number
  readonly instances: readonly InstanceSeen[]
}

/** One thing that is not as in the environment that is followed. */
export type Difference = {
  /** `release`, `env.DB_URL`, `instances`, … : the name by which it is declared. */
  readonly what: string
  readonly there: string
  readonly here: string
  readonly since: Instant
  /** Why it may differ, as the team declared. */
  readonly declared?: string
  /** A deployment that mends it is under way. */
  readonly coming?: string
  /** Why nothing mends it. */
  readonly because?: string
}

export type Drift = {
  /** The environment that is followed. */
  readonly with: string
  readonly differences: readonly Difference[]
  /** What nobody has seen, and what therefore cannot be told. */
  readonly unknown: readonly string[]
}

/** How the release that runs there is getting on here. */
export type Following = {
  /** The deployment that brings it. */
  readonly coming?: string
  /** Why it does not come. */
  readonly because?: string
  /** The load test that starts and stops instances here. */
  readonly test?: string
}

type Found = Omit<Difference, 'declared'>
type Both = { readonly there: Running; readonly here: Running; readonly since: Instant }

const nameOf = ({ live }: Running): string => (live ? shortDigest(live.release) : 'nothing')

const historyOf = ({ live, before = [] }: Running) => [...(live ? [live] : []), ...before]

const ranAt = (history: ReturnType<typeof historyOf>, at: Instant) =>
  history.find(({ since }) => since <= at)?.release

/** Since when the two have not run the same release any more, by what ran on either side. */
function apartSince(there: Running, here: Running): Instant {
  const [a, b] = [historyOf(there), historyOf(here)]
  const changes = [...a, ...b].map(({ since }) => since).sort((x, y) => y - x)
  const together = changes.findIndex((at) => ranAt(a, at) === ranAt(b, at))
  return (together < 0 ? changes.at(-1) : changes[together - 1]) ?? 0
}

function releaseDiffers({ there, here }: Both, { because }: Following): readonly Found[] {
  if (there.live?.release === here.live?.release) return []
  const since = apartSince(there, here)
  return [
    {
      what: 'release',
      there: nameOf(there),
      here: nameOf(here),
      since,
      ...(because === undefined ? {} : { because }),
    },
  ]
}

const saySchema = (schema: Schema | undefined): string => {
  if (!schema) return 'no migration ran'
  const by = `migrated by ${shortDigest(schema.release)}`
  return schema.whole ? by : `${by}, which did not end well`
}

function schemaDiffers({ there, here, since }: Both): readonly Found[] {
  const [a, b] = [saySchema(there.schema), saySchema(here.schema)]
  return a === b ? [] : [{ what: 'schema', there: a, here: b, since }]
}

/** All that decides how the release runs, as it was when it was brought there and here. */
function settingsDiffer({ there, here, since }: Both): readonly Found[] {
  if (!there.settings || !here.settings) return []
  const [a, b] = [partsOf(there.settings), partsOf(here.settings)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((what) => canonicalJson(a.get(what)) !== canonicalJson(b.get(what)))
    .map((what) => ({ what, there: sayPart(what, a.get(what)), here: sayPart(what, b.get(what)), since }))
}

const ofSize = (count: number): string => `${count} instance${count === 1 ? '' : 's'}`

/** One that sleeps has as many as it will have when it is woken. */
function sizeDiffers({ there, here, since }: Both, inStep: InStep): readonly Found[] {
  const wanted = sizeInStep(there.size, inStep)
  if (here.size === wanted || here.size === 0) return []
  const share = `${ofSize(there.size)}, which makes ${wanted} here`
  return [{ what: 'instances', there: share, here: ofSize(here.size), since }]
}

/** Instances that are not ready tell nothing of how the environment there would carry its load. */
function readyDiffers({ here }: Both, { test }: Following): readonly Found[] {
  const { size } = here
  const ready = here.instances.filter(({ phase }) => phase === 'ready')
  if (ready.length >= size) return []
  const not = here.instances.find(({ phase }) => phase !== 'ready')
  const why = not ? ` (instance ${not.index} is ${not.phase}${not.because ? `: ${not.because}` : ''})` : ''
  return [
    {
      what: 'ready',
      there: 'all that are wanted are ready',
      here: `${ready.length} of ${size} ready${why}`,
      since: Math.max(0, ...here.instances.map((one) => one.since)),
      ...(test === undefined ? {} : { coming: test }),
    },
  ]
}

const strangersIn = ({ live, instances }: Running): readonly InstanceSeen[] =>
  instances.filter(({ runs }) => runs !== undefined && runs !== live?.release)

const sayRuns = (place: Running): string => {
  const [stranger] = strangersIn(place)
  return stranger
    ? `instance ${stranger.index} runs ${shortDigest(stranger.runs ?? '')}, not ${nameOf(place)}`
    : 'what was asked for runs'
}

/** What really runs, on either side, is something else than was asked for. */
function runsDiffer({ there, here }: Both): readonly Found[] {
  const strangers = [...strangersIn(there), ...strangersIn(here)]
  if (strangers.length === 0) return []
  const since = Math.max(...strangers.map((one) => one.since))
  return [{ what: 'runs', there: sayRuns(there), here: sayRuns(here), since }]
}

const unseenIn = ({ environment, instances }: Running): readonly string[] =>
  instances
    .filter(({ phase, runs }) => phase === 'ready' && runs === undefined)
    .map(({ index }) => `nobody has seen yet what instance ${index} of ${environment} runs`)

/**
 * What differs between an environment and the one that it follows. Settings are compared as they were when the live
 * releases were brought there and here: what the configuration would say today runs nowhere yet.
 */
export function driftOf(there: Running, here: Running, inStep: InStep, following: Following = {}): Drift {
  if (!there.live)
    return {
      with: inStep.with,
      differences: [],
      unknown: [`nothing runs in ${there.environment} that it could follow`],
    }
  const both: Both = { there, here, since: Math.max(there.live.since, here.live?.since ?? 0) }
  const found = [
    ...releaseDiffers(both, following),
    ...(here.live
      ? [schemaDiffers, settingsDiffer, readyDiffers, runsDiffer].flatMap((differ) => differ(both, following))
      : []),
    ...(here.live ? sizeDiffers(both, inStep) : []),
  ]
  // Whatever else differs meanwhile: it brings all of that, too.
  const { coming } = following
  const mends = coming === undefined ? {} : { coming }
  const declared = (what: string) => {
    const why = inStep.differs[what.startsWith('limits.') ? 'limits' : what]
    return why === undefined ? {} : { declared: why }
  }
  return {
    with: inStep.with,
    differences: found.map((one) => ({ ...one, ...mends, ...declared(one.what) })),
    unknown: [...unseenIn(there), ...unseenIn(here)],
  }
}

/** What nobody has declared, and no deployment under way mends. */
export const undeclared = ({ differences }: Drift): readonly Difference[] =>
  differences.filter(({ declared, coming }) => declared === undefined && coming === undefined)

/** What a deployment under way mends. */
export const comingIn = ({ differences }: Drift): readonly Difference[] =>
  differences.filter(({ coming }) => coming !== undefined)
