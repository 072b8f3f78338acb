import type { LoadTestPlan, LoadTestWish } from '../../contract/index.ts'
import {
  cannotRun,
  type DeploymentSettings,
  laneId,
  type Sized,
  stepsOf,
  takesRequests,
  titleOf,
} from '../../deploy/index.ts'
import { settingsOfGuest, sizedOf } from '../../flow/guests.ts'
import { pricesIn } from '../../flow/headroom.ts'
import { liveAs } from '../../flow/in-step.ts'
import { lifeSettingsOf, mustMeasure, openTests } from '../../flow/load-tests.ts'
import { readLane } from '../../flow/records.ts'
import { sizeAskedOf } from '../../flow/sizes.ts'
import type { World } from '../../flow/world.ts'
import {
  type Digest,
  type InstanceSize,
  instanceSizeText,
  limitsInAll,
  PlimsollError,
  type Problem,
} from '../../kernel/index.ts'
import type { LineTestSettings } from '../../load/index.ts'
import { costOfRunning, runningText } from '../../predict/index.ts'
import { nameRelease } from './releases.ts'

type Place = { readonly service: string; readonly environment: string }

/** So many instances of a release, each of a size; of processes nobody asks for one. */
type Instances = {
  readonly release: Digest
  readonly settings: DeploymentSettings
  readonly size?: InstanceSize | undefined
}

async function instancesOf(world: World, release: Digest, settings: DeploymentSettings): Promise<Instances> {
  return { release, settings, size: await sizeAskedOf(world, release, settings.start) }
}

async function say(world: World, { release, settings, size }: Instances) {
  const { instances } = settings
  const count = `${instances} instance${instances === 1 ? '' : 's'}`
  const text = size ? `${count} of ${instanceSizeText(size)}` : count
  return { release: await nameRelease(world, release), text }
}

/** Who asks for more than the machine has measures the machine. */
async function machineNotes(world: World, { settings, size }: Instances): Promise<string[]> {
  if (!size) return []
  const { cpus, memoryBytes } = limitsInAll(size)
  const machine = await world.instances.machine()
  const asked = (cpus ?? 0) * settings.instances
  const bytes = (memoryBytes ?? 0) * settings.instances
  return [
    ...(asked > machine.cpus
      ? [
          `they may use ${asked} CPUs together, and this machine has ${machine.cpus}: its load line is the machine's`,
        ]
      : []),
    ...(bytes > machine.memoryBytes ? ['they may use more memory together than this machine has'] : []),
  ]
}

async function waitNotes(world: World, of: Place): Promise<string[]> {
  const open = await openTests(world, of)
  const { holder } = (await readLane(world.journal, laneId(of.service, of.environment))) ?? {}
  return [
    ...open.map(({ id }) => `it waits for ${id}`),
    ...(holder && holder.test === undefined ? [`it waits for ${holder.owner}: ${holder.reason}`] : []),
  ]
}

/** What would be brought, or all that speaks against it. */
async function startsOf(
  world: World,
  of: Place,
  release: Digest,
  live: NonNullable<Awaited<ReturnType<typeof liveAs>>>,
  sized: Sized | undefined,
): Promise<{ readonly starts?: Instances; readonly problems: readonly Problem[] }> {
  try {
    const settings = await settingsOfGuest(world, { ...of, release }, live, sized)
    const lack = await world.instances.lacks(release, settings.start.target ?? 'process')
    const problems = [
      ...(lack === undefined ? [] : [{ text: cannotRun(lack) }]),
      ...(takesRequests(settings) ? [] : [{ text: 'the release takes no requests' }]),
    ]
    return { starts: await instancesOf(world, release, settings), problems }
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    return { problems: error.problems }
  }
}

const searchText = ({ minPerSecond, maxPerSecond, objective }: LineTestSettings): string =>
  `between ${minPerSecond}/s and ${maxPerSecond}/s, within ${objective}`

/**
 * What a load test would be now, and all that speaks against it. Nothing is done.
 * @throws PLM_NOT_FOUND; PLM_LOAD_SIZE when the size cannot be read
 */
export async function viewLoadTestPlan(
  world: World,
  of: Place,
  wish: Omit<LoadTestWish, 'release'> & { readonly release?: Digest | undefined },
): Promise<LoadTestPlan> {
  const sized = sizedOf(wish)
  const config = await mustMeasure(world, of.service, of.environment)
  const settings = lifeSettingsOf(config, of.environment, true, sized)
  const test = settings?.test as unknown as LineTestSettings | undefined
  const live = await liveAs(world, of.service, of.environment)
  const here = {
    schemaVersion: 1 as const,
    ...of,
    ...(wish.builds === undefined ? {} : { builds: wish.builds }),
  }
  const untold = test
    ? []
    : [{ text: 'nothing says what a good answer is', next: 'load.objective, or an slo.latency' }]
  if (!live || !settings) {
    const reasons = [{ text: `nothing runs in ${of.environment}` }, ...untold]
    return { ...here, steps: [], notes: [], reasons }
  }
  const release = wish.release ?? live.release
  const { starts, problems } = await startsOf(world, of, release, live, sized)
  const isGuest = sized !== undefined || release !== live.release || wish.builds !== undefined
  const guest = isGuest ? { guest: { release, ...(starts ? { deployed: starts.settings } : {}) } } : {}
  const cost =
    starts && test
      ? costOfRunning(
          pricesIn(config, of.environment),
          starts.settings.instances,
          starts.size && limitsInAll(starts.size),
          test.budgetMs,
        )
      : undefined
  return {
    ...here,
    ...(starts ? { starts: await say(world, starts) } : {}),
    instead: await say(world, await instancesOf(world, live.release, live.deployed)),
    steps: stepsOf({ settings, live, deployed: live.deployed, ...guest }).map(titleOf),
    ...(test ? { search: searchText(test), budgetMs: test.budgetMs } : {}),
    ...(cost ? { cost: runningText(cost) } : {}),
    notes: [...(await waitNotes(world, of)), ...(starts ? await machineNotes(world, starts) : [])],
    reasons: [...problems.map(({ text }) => ({ text })), ...untold],
  }
}
