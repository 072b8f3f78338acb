import type { ServiceConfig } from '../config/schema.ts'
import type { DeploymentState, Live } from '../deploy/index.ts'
import { laneId } from '../deploy/index.ts'
import {
  type Digest,
  type Evidence,
  type GateQuestion,
  type Json,
  type Reason,
  shortDigest,
} from '../kernel/index.ts'
import {
  type CompareHow,
  type CompareState,
  isBaseline,
  newCompare,
  objectiveOf,
  type SideStart,
  type SizesCompared,
} from '../load/index.ts'
import type { ProvenanceBody } from '../pipeline/index.ts'
import { comparisonRef, readComparison, readDeployment, readLane, readService } from './records.ts'
import type { Runner } from './runner.ts'
import { sizeIn } from './sizes.ts'
import type { World } from './world.ts'

/** Comparisons of the same two releases, the newest last: each is named after them and its number. */
export async function comparisonsOf(
  world: World,
  { service, release, live }: GateQuestion,
): Promise<readonly CompareState[]> {
  const known: CompareState[] = []
  for (;;) {
    const next = await readComparison(
      world.journal,
      comparisonId(service, release, live ?? '', known.length + 1),
    )
    if (!next) return known
    known.push(next)
  }
}

const comparisonId = (service: string, release: string, against: string, number: number): string =>
  `${service}.${shortDigest(release)}.${shortDigest(against)}.${number}`

const sideOf = (start: DeploymentState['settings']['start']): SideStart => ({
  command: start.command,
  portVariable: start.portVariable,
  healthPath: start.healthPath,
  readyWithinMs: start.readyWithinMs,
  graceMs: start.graceMs,
})

/** The way in which what runs was started when it was deployed. */
async function baseStart(world: World, live: Live): Promise<SideStart | undefined> {
  const deployed = await readDeployment(world.journal, live.deployment)
  return deployed?.settings.start.command ? sideOf(deployed.settings.start) : undefined
}

/** What a comparison is made by, as the protected branch says it, or why there can be none. */
function howOf(
  config: ServiceConfig,
  base: SideStart | undefined,
  sizes: SizesCompared | undefined,
): CompareHow {
  const { load, start, slos } = config
  const objective = load.objective ?? objectiveOf(slos)
  const reasons: Reason[] = []
  if (!start || !base) reasons.push({ text: 'nothing says how an instance is started' })
  else if (start.port === false) reasons.push({ text: 'instances take no requests' })
  if (objective === undefined)
    reasons.push({ text: 'nothing says what a good answer is', next: 'add slo.latency, or load.objective' })
  if (!load.besideProduction)
    reasons.push({
      text: 'production runs on this machine, and a comparison takes all that a machine has',
      next: 'load.besideProduction: true allows it at the lowest priority',
    })
  if (reasons.length > 0 || !start?.port || !base || objective === undefined)
    return { is: 'impossible', reasons }
  const settings = {
    base,
    change: {
      command: start.command,
      portVariable: start.port,
      healthPath: start.health,
      readyWithinMs: start.readyWithin,
      graceMs: start.grace,
    },
    path: load.path,
    ...(load.scenario === undefined ? {} : { scenario: load.scenario }),
    objective,
    env: load.env,
    ...(load.prepare === undefined ? {} : { prepare: load.prepare }),
    budgetMs: load.budget,
    margin: load.margin,
    besideProduction: load.besideProduction,
    ...(sizes ? { sizes } : {}),
  }
  return { is: 'possible', settings }
}

/** Of what size instances of both are to be where the gate is, in containers. */
async function sizesOf(
  world: World,
  config: ServiceConfig,
  { environment, release }: GateQuestion,
  live: Digest,
): Promise<SizesCompared | undefined> {
  const base = await sizeIn(world, config, environment, live)
  const change = await sizeIn(world, config, environment, release)
  return base?.is === 'containers' && change?.is === 'containers' ? { base, change } : undefined
}

async function nameOf(world: World, release: Digest): Promise<string> {
  const [provenance] = await world.evidence.about(release, ['provenance'])
  const body = provenance?.body as unknown as ProvenanceBody | undefined
  return body ? body.change.slice(0, 12) : shortDigest(release)
}

/** The first release of a service is what later ones are compared with. */
async function keepBaseline(world: World, { release, environment }: GateQuestion): Promise<void> {
  const known = await world.evidence.about(release, ['loadLine'])
  if (known.some(({ about }: Evidence) => about.against === undefined)) return
  await world.evidence.put({
    kind: 'loadLine',
    at: world.clock.now(),
    about: { release, environment },
    body: {
      is: 'baseline',
      text: `nothing else runs in ${environment}: later releases are compared with this one`,
    },
  })
}

export type Wish = {
  readonly question: GateQuestion
  readonly actor: string
  /** An inconclusive comparison from before that moment is made again; none when it is left out. */
  readonly againSince?: number
}

const isConclusive = ({ standing }: CompareState): boolean => standing === 'passed' || standing === 'failed'

/**
 * Sees to it that the load line of a release is known, or is on its way: compared with what runs, or recorded as the
 * baseline. Asked twice, it does nothing the second time.
 */
export async function askComparison(
  world: World,
  runner: Runner,
  { question, actor, againSince }: Wish,
): Promise<void> {
  if (isBaseline(question)) return keepBaseline(world, question)
  const { service, environment, release } = question
  const known = await comparisonsOf(world, question)
  const last = known.at(-1)
  const again =
    last?.phase === 'ended' &&
    !isConclusive(last) &&
    againSince !== undefined &&
    last.requestedAt < againSince
  if (last && !again) return
  const lane = await readLane(world.journal, laneId(service, environment))
  const config = (await readService(world.journal, service))?.guard?.config
  const { live } = lane ?? {}
  if (!live || !config) return
  const id = comparisonId(service, release, live.release, known.length + 1)
  const asked = newCompare({
    id,
    service,
    environment,
    release,
    against: live.release,
    names: { base: await nameOf(world, live.release), change: await nameOf(world, release) },
    actor,
    how: howOf(config, await baseStart(world, live), await sizesOf(world, config, question, live.release)),
    requestedAt: world.clock.now(),
  })
  await runner.create(comparisonRef(id), asked as unknown as Json, {
    events: [
      {
        type: 'comparison.requested',
        body: { service, environment, comparison: id, release, actor },
      },
    ],
  })
}
