import { orderEnvironments } from '../../config/order.ts'
import type {
  ChangeView,
  EnvironmentRow,
  NoteView,
  ReleasesView,
  RunSummary,
  ServiceRow,
  ServicesView,
} from '../../contract/index.ts'
import {
  type DeploymentState,
  isSpikeName,
  type LaneState,
  laneId,
  takesRequests,
} from '../../deploy/index.ts'
import { tooOldFor } from '../../flow/compatible.ts'
import { secretsProblem } from '../../flow/environment-variables.ts'
import { readDeployment, readLane, readService } from '../../flow/records.ts'
import { isGuarded, type ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import type { Digest, Instant } from '../../kernel/index.ts'
import type { CompareState } from '../../load/index.ts'
import type { RunState } from '../../pipeline/index.ts'
import { summariseComparison } from './comparison.ts'
import { deploymentText } from './deployment.ts'
import { utc } from './drift.ts'
import { viewEnvironment } from './environment.ts'
import { ledgerOf, requestsText } from './ledger.ts'
import { notifierTrouble, viewNotifiers } from './notifiers.ts'
import { nameRelease } from './releases.ts'
import { changeName, summariseRun, viewRun } from './run.ts'
import { endingSoon, leftBehind, spikesOf, summariseSpike } from './spikes.ts'

const dayMs = 86_400_000
/** How far back the lists go. */
const recent = 200

// Records of one kind are written by one machine, so their state has its type.
export const runsOf = async (world: World, service?: string): Promise<RunState[]> =>
  (await world.journal.list({ kind: 'run', limit: recent }))
    .map((record) => record.state as unknown as RunState)
    .filter((run) => service === undefined || run.service === service)

export const deploymentsOf = async (world: World): Promise<DeploymentState[]> =>
  (await world.journal.list({ kind: 'deployment', limit: recent })).map(
    (record) => record.state as unknown as DeploymentState,
  )

export const comparisonsIn = async (world: World, service: string): Promise<CompareState[]> =>
  (await world.journal.list({ kind: 'comparison', limit: recent }))
    .map((record) => record.state as unknown as CompareState)
    .filter((one) => one.service === service)

/** Environments in the order in which a release travels. */
function places(service: ServiceState): { name: string; after?: string | undefined }[] {
  const environments = service.guard?.config.environments ?? {}
  return orderEnvironments(environments).map((name) => ({ name, after: environments[name]?.after }))
}

async function serviceRow(
  world: World,
  service: ServiceState,
  runs: readonly RunState[],
): Promise<ServiceRow> {
  const environments = await Promise.all(
    places(service).map((place) => viewEnvironment(world, service.name, place)),
  )
  const last = runs.find((run) => run.service === service.name && !run.trial)
  return {
    name: service.name,
    repository: `/git/${service.name}.git`,
    environments: await withNext(world, service.name, environments),
    spikes: await Promise.all(
      (await spikesOf(world, service.name, false)).map((spike) => summariseSpike(world, spike)),
    ),
    notifiers: await viewNotifiers(world, service.name),
    ...(last ? { lastRun: summariseRun(last) } : {}),
  }
}

/** Why a release that was brought here already does not run here. */
async function stoppedBy(
  world: World,
  lane: LaneState | undefined,
  release: Digest,
): Promise<string | undefined> {
  const rejected = lane?.rejected[release]
  if (rejected) return `it was rolled back here by ${rejected}`
  const last = lane?.lastDeployment ? await readDeployment(world.journal, lane.lastDeployment) : undefined
  if (last?.release !== release || last.standing !== 'failed') return undefined
  const gates = last.gates.filter(({ verdict }) => verdict.is !== 'pass').map(({ name }) => name)
  return gates.length > 0 ? `refused by ${gates.map((name) => `gate ${name}`).join(' and ')}` : undefined
}

/** What the environment before runs, and this one does not. */
async function withNext(
  world: World,
  service: string,
  rows: readonly EnvironmentRow[],
): Promise<EnvironmentRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      const source = rows.find((one) => one.name === (row.after ?? row.inStep?.with))
      if (!source?.release || row.deployment || row.release?.digest === source.release.digest) return row
      if (row.waits.some(({ release }) => release === source.release?.digest)) return row
      const lane = await readLane(world.journal, laneId(service, row.name))
      const stopped = await stoppedBy(world, lane, source.release.digest as Digest)
      const effect = `release ${source.release.short} will run in ${row.name}`
      const refused = await tooOldFor(world, lane, source.release.digest as Digest)
      const command = `plimsoll promote ${service} ${row.name}`
      const promote = { label: 'Promote', effect, command, ...(refused ? { refused } : {}) }
      const said = stopped
        ? { because: stopped, tried: true as const }
        : { because: `it runs in ${source.name}` }
      return { ...row, next: { release: source.release, ...said, promote } }
    }),
  )
}

const changeLink = (service: string, id: string): string => `/services/${service}/changes/${id}`

/** A load line that is missing, or that nobody could tell, is no better than one that is too low. */
function redIn(service: string, { name, loadTests }: EnvironmentRow): ServicesView['wrong'] {
  if (!loadTests || !['failed', 'inconclusive', 'missing'].includes(loadTests.is)) return []
  const { is, text, last } = loadTests
  const link = last ? `/load-tests/${encodeURIComponent(last.id)}` : '/'
  return [{ service, text: `${service} ${name}: load test ${is}: ${text}`, link }]
}

/** Nothing runs, and what was to come was not let in or did not start: nobody would see that in an empty row. */
const isShut = ({ status, lastDeployment, deployment }: EnvironmentRow): boolean =>
  status.is === 'empty' &&
  deployment === undefined &&
  (lastDeployment?.standing === 'failed' || lastDeployment?.standing === 'inconclusive')

function whatIsWrong(rows: readonly ServiceRow[]): ServicesView['wrong'] {
  return rows.flatMap(({ name: service, environments }) =>
    environments.flatMap((row) => {
      const isIll = row.status.is === 'down' || row.status.is === 'degraded' || row.status.urgent
      const wrong = [
        ...(isIll || isShut(row) ? [row.status.text] : []),
        ...(row.inStep?.is === 'drift' ? [row.inStep.text] : []),
      ]
      const red = redIn(service, row)
      const link = row.lastDeployment ? `/deployments/${row.lastDeployment.id}` : '/'
      return [...wrong.map((text) => ({ service, text: `${service} ${row.name}: ${text}`, link })), ...red]
    }),
  )
}

const failedText = (run: RunSummary): string => `${run.change.subject} (${run.change.service}): ${run.text}`

/** Where it runs now, and whether a request was lost on the way; when nobody asked there is nothing to say. */
function runsText(all: readonly DeploymentState[], subject: string): string {
  const asked = all.filter((d) => takesRequests(d.settings) && ledgerOf(d.ledger, undefined).accepted > 0)
  const requests = asked.map((d) => `; ${asked.length > 1 ? `${d.environment}: ` : ''}${requestsText(d)}`)
  const places = all.map(({ environment }) => environment).join(', ')
  return `${subject} runs in ${all[0]?.service} ${places}${requests.join('')}`
}

function failedThereText(d: DeploymentState, subject: string): string {
  const what = d.rail.length > 0 ? 'was rolled back in' : 'was not deployed to'
  return `${subject} ${what} ${d.service} ${d.environment}: ${d.reasons[0]?.text ?? 'nobody said why'}`
}

/** One release on its way through the environments is one change; each that failed is one by itself. */
const sameChange = ({ standing, service, release, id }: DeploymentState): string =>
  standing === 'passed' ? `${service} ${release}` : id

/** @param all newest first */
async function deploymentNote(
  world: World,
  all: readonly DeploymentState[],
  now: Instant,
): Promise<ServicesView['changed']> {
  const [d] = all
  if (!d) return []
  const name = await nameRelease(world, d.release)
  const subject = name.subject || name.short
  const text = d.standing === 'passed' ? runsText(all, subject) : failedThereText(d, subject)
  const { service, id, endedAt = now } = d
  return [{ service, text, link: `/deployments/${encodeURIComponent(id)}`, at: endedAt }]
}

async function whatChanged(
  world: World,
  runs: readonly RunState[],
  deployments: readonly DeploymentState[],
  now: Instant,
): Promise<ServicesView['changed']> {
  const since = now - dayMs
  const ended = deployments
    .filter((d) => (d.endedAt ?? 0) >= since && !isSpikeName(d.environment))
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
  const failed = runs
    .filter(({ trial }) => !trial)
    .map(summariseRun)
    .filter((run) => (run.endedAt ?? 0) >= since && run.standing !== 'passed')
    .map((run) => ({
      service: run.change.service,
      text: failedText(run),
      link: changeLink(run.change.service, run.change.id),
      at: run.endedAt ?? now,
    }))
  const changes = [...Map.groupBy(ended, sameChange).values()].slice(0, 20)
  const notes = await Promise.all(changes.map((all) => deploymentNote(world, all, now)))
  return [...notes.flat(), ...failed].sort((a, b) => b.at - a.at).slice(0, 20)
}

/** A gate that is switched off is shown everywhere until it comes back. */
const waivedIn = (service: string, row: EnvironmentRow): ServicesView['waiting'] =>
  row.waivers.map(({ gate, owner, reason, until }) => ({
    service,
    text: `${service} ${row.name}: gate ${gate} is waived by ${owner} until ${utc(until)}: ${reason}`,
    link: row.lastDeployment ? `/deployments/${row.lastDeployment.id}` : '/',
  }))

/** A canary stands still until somebody answers for it. */
const heldIn = (service: string, row: EnvironmentRow): ServicesView['waiting'] =>
  row.status.is === 'held' && row.deployment
    ? [
        {
          service,
          text: `${service} ${row.name} is held: let the new release go on, or roll it back`,
          link: `/deployments/${encodeURIComponent(row.deployment)}`,
        },
      ]
    : []

function whatWaits(rows: readonly ServiceRow[]): ServicesView['waiting'] {
  return rows.flatMap(({ name: service, environments, lastRun }) =>
    environments.flatMap((row) => {
      const link = lastRun ? changeLink(service, lastRun.change.id) : '/'
      const locked =
        row.lock && !row.deployment
          ? [
              {
                service,
                text: `${service} ${row.name} is locked by ${row.lock.owner}: ${row.lock.reason}`,
                link,
              },
            ]
          : []
      const next = row.next
        ? [
            {
              service,
              text: `${row.next.release.short} ${row.next.tried ? 'did not get into' : 'could go to'} ${service} ${row.name}: ${row.next.because}`,
              link: changeLink(service, row.next.release.commit),
            },
          ]
        : []
      const waits = row.waits.map(({ deployment, text }) => ({
        service,
        text: `${service} ${row.name}: ${text}`,
        link: `/deployments/${deployment}`,
      }))
      return [...heldIn(service, row), ...locked, ...waits, ...next, ...waivedIn(service, row)]
    }),
  )
}

/** What will be refused when it comes there, known as soon as the configuration is. */
async function secretsAwaited(world: World, { name: service, guard }: ServiceState): Promise<NoteView[]> {
  const places = Object.entries(guard?.config.environments ?? {})
  const isGiven = secretsProblem(
    world,
    places.map(([, { env }]) => env),
  )
  if ((await isGiven) === undefined) return []
  const said = places.map(async ([environment, { env }]) => {
    const problem = await secretsProblem(world, [env])
    const text = `${service} ${environment}: ${problem}: the next deployment would be refused`
    return problem === undefined ? [] : [{ service, text, link: '/' }]
  })
  return (await Promise.all(said)).flat()
}

/** The services page. */
export async function viewServices(world: World): Promise<ServicesView> {
  const now = world.clock.now()
  const records = await world.journal.list({ kind: 'service', limit: recent })
  const [runs, deployments] = await Promise.all([runsOf(world), deploymentsOf(world)])
  const states = records
    .map((record) => record.state as unknown as ServiceState)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const services = await Promise.all(states.map((service) => serviceRow(world, service, runs)))
  return {
    schemaVersion: 1,
    at: now,
    wrong: [
      ...whatIsWrong(services),
      ...services.flatMap(({ spikes }) => leftBehind(spikes)),
      ...services.flatMap(({ name, notifiers }) =>
        notifiers.flatMap((one) => notifierTrouble(name, one, now)),
      ),
    ],
    changed: await whatChanged(world, runs, deployments, now),
    waiting: [
      ...whatWaits(services),
      ...(await Promise.all(states.map((service) => secretsAwaited(world, service)))).flat(),
      ...services.flatMap(({ spikes }) => endingSoon(spikes, now)),
    ],
    services,
  }
}

const numberOf = ({ id }: RunState): number => Number(id.slice(id.lastIndexOf('.') + 1))

/** Where a change may come to; undefined as long as no configuration says so. */
async function wayOf(world: World, run: RunState): Promise<ChangeView['way']> {
  const service = await readService(world.journal, run.service)
  if (!service || !isGuarded(service, run)) return []
  const { guard } = service
  // Its own configuration, or a newer one, says so: an older one may not know where it goes.
  if (!guard || guard.run < numberOf(run)) return undefined
  return Promise.all(
    places(service).map(async ({ name, after }) => {
      const { inStepWith, promote } = guard.config.environments[name] ?? {}
      const lane = await readLane(world.journal, laneId(run.service, name))
      const rejected = run.release && lane?.rejected[run.release.digest]
      const before = inStepWith ?? after
      return {
        environment: name,
        ...(before === undefined ? {} : { after: before }),
        by: inStepWith !== undefined ? ('inStep' as const) : promote === 'manual' ? 'promote' : 'itself',
        live: run.release !== undefined && lane?.live?.release === run.release.digest,
        ...(rejected ? { rejected: `it was rolled back there by ${rejected}` } : {}),
      }
    }),
  )
}

/** The page of one change; undefined when no run knows it. A prefix of its name is enough. */
export async function viewChange(world: World, service: string, id: string): Promise<ChangeView | undefined> {
  const runs = (await runsOf(world, service)).filter((run) => run.change.id.startsWith(id))
  const [newest] = runs
  if (!newest) return undefined
  const releases = new Set(runs.flatMap((run) => (run.release ? [run.release.digest] : [])))
  const deployments = (await deploymentsOf(world)).filter(
    (d) => d.service === service && releases.has(d.release),
  )
  const way = await wayOf(world, newest)
  const comparisons = (await comparisonsIn(world, service)).filter(({ release }) => releases.has(release))
  return {
    schemaVersion: 1,
    change: changeName(service, newest.change),
    runs: await Promise.all(runs.map((run) => viewRun(world, run))),
    ...(way ? { way } : {}),
    comparisons: await Promise.all(comparisons.map((one) => summariseComparison(world, one))),
    deployments: deployments.map((d) => ({
      id: d.id,
      environment: d.environment,
      standing: d.standing,
      text: deploymentText(d, requestsText(d)),
      at: d.startedAt ?? d.requestedAt,
      ...(d.endedAt === undefined ? {} : { endedAt: d.endedAt }),
    })),
  }
}

type TestsBody = { readonly passed: number; readonly failed: number; readonly skipped: number }

/** The releases of a service, newest first. */
export async function viewReleases(world: World, service: string): Promise<ReleasesView> {
  const state = await readService(world.journal, service)
  const lanes = await Promise.all(
    places(state ?? { name: service, seen: {}, runs: 0 }).map(({ name }) =>
      readLane(world.journal, laneId(service, name)),
    ),
  )
  const runs = (await runsOf(world, service)).filter((run) => run.release && !run.trial)
  const releases = runs.map(async (run): Promise<ReleasesView['releases'][number]> => {
    const release = run.release as NonNullable<RunState['release']>
    const [tests] = await world.evidence.about(release.digest, ['tests'])
    const body = tests?.body as unknown as TestsBody | undefined
    const rejected = lanes.flatMap((lane) => lane?.rejected[release.digest] ?? [])[0]
    return {
      ...(await nameRelease(world, release.digest)),
      run: run.id,
      sizeBytes: release.sizeBytes,
      runsIn: lanes.flatMap((lane) => (lane?.live?.release === release.digest ? [lane.environment] : [])),
      ...(body ? { tests: { passed: body.passed, failed: body.failed, skipped: body.skipped } } : {}),
      ...(rejected ? { rejected } : {}),
    }
  })
  return { schemaVersion: 1, service, releases: await Promise.all(releases) }
}
