import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readChange, repositories } from '../../changes/index.ts'
import { secretNames } from '../../flow/environment-variables.ts'
import { readService } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import type { Variables } from '../../kernel/index.ts'
import { runJourney } from '../../load/index.ts'
import { checkoutTree } from '../../pipeline/index.ts'
import type { JourneyFound, JourneyProbe } from '../../watch/collect/index.ts'

type Deps = {
  readonly world: Pick<World, 'journal' | 'secrets'>
  /** Repositories of services. */
  readonly repositories: string
  /** Scenarios are laid out in here, by service and commit. */
  readonly folder: string
}

/** Each is a process that may work hard for a moment. */
const mostAtOnce = 2

/** So many at once; others wait for their turn. */
function turnstile(most: number) {
  const waiting: (() => void)[] = []
  let inside = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    inside++
    try {
      return await work()
    } finally {
      inside--
      waiting.shift()?.()
    }
  }
}

const failed = (problem: string): JourneyFound => ({ steps: [], durationMs: 0, problem, isWhole: false })

const valuesOf = (env: Variables, secrets: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (secrets[value.secret] ?? ''),
    ]),
  )

/** What a scenario says of itself may hold what it was trusted with. */
function hide({ steps, problem, ...rest }: JourneyFound, secrets: readonly string[]): JourneyFound {
  const plain = (text: string) =>
    secrets.reduce((hidden, secret) => (secret === '' ? hidden : hidden.replaceAll(secret, '***')), text)
  return {
    ...rest,
    steps: steps.map(({ name, problems, ...step }) => ({
      ...step,
      name: plain(name),
      problems: problems.map(plain),
    })),
    ...(problem === undefined ? {} : { problem: plain(problem) }),
  }
}

/** Journeys of services, with the scenarios of their protected branches. */
export function createJourneys({ world, repositories: root, folder }: Deps) {
  const git = repositories(root)
  const inTurn = turnstile(mostAtOnce)
  const layingOut = new Map<string, Promise<string>>()

  async function layOut(service: string, commit: string, branch: string): Promise<string> {
    const own = join(folder, service)
    const target = join(own, commit)
    if (existsSync(target)) return target
    await mkdir(own, { recursive: true, mode: 0o700 })
    const before = await readdir(own)
    const repository = await git.open(service)
    const { tree } = await readChange(repository, commit, branch)
    const fresh = await mkdtemp(join(own, '.fresh-'))
    await checkoutTree({ repository, tree }, fresh, AbortSignal.timeout(60_000))
    await rename(fresh, target)
    for (const old of before) await rm(join(own, old), { recursive: true, force: true })
    return target
  }

  /** Two that ask at once lay out one. */
  function sourceOf(service: string, commit: string, branch: string): Promise<string> {
    const going = layingOut.get(service) ?? layOut(service, commit, branch)
    layingOut.set(service, going)
    return going.finally(() => layingOut.delete(service))
  }

  return async (
    service: string,
    { file, scenario, within, env }: JourneyProbe,
    baseUrl: string | undefined,
  ): Promise<JourneyFound> => {
    const guard = (await readService(world.journal, service))?.guard
    if (!guard) return failed('nothing is known of its scenario yet')
    const secrets = await world.secrets(secretNames([env]))
    const source = await sourceOf(service, guard.commit, guard.config.branch)
    const spec = { file: join(source, file), scenario, baseUrl, withinMs: within }
    const found = await inTurn(() => runJourney(spec, source, valuesOf(env, secrets)))
    return hide(found, Object.values(secrets))
  }
}
