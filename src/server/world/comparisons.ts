import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AllCommands } from '../../engine/index.ts'
import { fillIn } from '../../flow/environment-variables.ts'
import type { Comparisons, World } from '../../flow/world.ts'
import type { CommandEnd } from '../../host/index.ts'
import type { Digest, Found, Key } from '../../kernel/index.ts'
import {
  type CompareEnd,
  type CompareProgress,
  type CompareSpec,
  type CompareStart,
  compareFiles,
  defaultCompareOptions,
  type SideSpec,
  type SideStart,
} from '../../load/index.ts'
import { filesOf, unpackBundle } from '../../pipeline/index.ts'
import type { BlobStore } from '../../store/index.ts'

const entry = fileURLToPath(
  new URL(`../../load/compare/main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
)

/** Beyond its budget: getting to know the base, unpacking, a last round that was begun in time. */
const marginMs = 300_000
const graceMs = 20_000
const logBytes = 2 * 2 ** 20

/** Beside production everything of a comparison goes last: what production needs, it gets. */
const lowest = ['nice', '-n', '19'] as const

type Deps = {
  /** Working folders are made in here. */
  readonly root: string
  readonly blobs: BlobStore
  readonly commands: AllCommands
  readonly secrets: World['secrets']
}

const folderIn = (root: string, id: string): string => join(root, 'comparison', id)

const readJson = async <T>(file: string): Promise<T | undefined> =>
  readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as T,
    () => undefined,
  )

function sideOf(name: string, exactly: Digest, folder: string, side: SideStart, prepare?: string): SideSpec {
  return {
    name,
    exactly,
    service: {
      name,
      folder,
      command: side.command,
      portVariable: side.portVariable,
      health: side.healthPath,
      readyWithinMs: side.readyWithinMs,
      graceMs: side.graceMs,
      ...(prepare === undefined ? {} : { prepare }),
    },
  }
}

function specOf({ release, against, names, settings }: CompareStart, folder: string): CompareSpec {
  const { base, change, path, scenario, objective, prepare, budgetMs, margin, besideProduction } = settings
  const { margins } = defaultCompareOptions
  // As many digits of the name as make a number: the same comparison has the same order of rounds.
  const seed = Number.parseInt(release.slice(-8), 16)
  return {
    base: sideOf(names.base, against, join(folder, 'base'), base, prepare),
    change: sideOf(names.change, release, join(folder, 'change'), change, prepare),
    path,
    // That of what runs: no change goes easy on itself.
    ...(scenario === undefined ? {} : { scenario: join(folder, 'base', scenario) }),
    sends: scenario ?? path,
    objective,
    options: { ...defaultCompareOptions, margins: { ...margins, loadLine: margin }, budgetMs, seed },
    besideProduction,
  }
}

/** Each slice of load begins threads: with what was compiled at hand they begin in a third of the time. */
function compiled(): Record<string, string> {
  const folder = process.env.NODE_COMPILE_CACHE
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const endings: Readonly<Record<Exclude<CommandEnd['why'], 'cancelled'>, string>> = {
  exited: 'what measured it ended without a result',
  timedOut: 'it took much longer than its budget',
  couldNotStart: 'what measures it could not be started',
}

/** Comparisons as commands of this machine, each in a folder with copies of both releases. */
export function createComparisons({ root, blobs, commands, secrets }: Deps): Comparisons {
  const idOf = (key: Key): string => key.split('/')[1] ?? ''

  /** Copies: an instance that writes into its folder must not change the release that serves. */
  async function layOut(start: CompareStart): Promise<string> {
    const folder = folderIn(root, start.id)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await unpackBundle(blobs, await filesOf(blobs, start.against), join(folder, 'base'))
    await unpackBundle(blobs, await filesOf(blobs, start.release), join(folder, 'change'))
    await rm(join(folder, compareFiles.result), { force: true })
    await mkdir(join(folder, 'tmp'), { recursive: true })
    await writeFile(join(folder, compareFiles.spec), JSON.stringify(specOf(start, folder)), { mode: 0o600 })
    return folder
  }

  async function begin(key: Key, start: CompareStart): Promise<void> {
    const folder = await layOut(start)
    const { env, secrets: hidden } = await fillIn({ secrets }, start.settings.env)
    await commands.start(key, {
      argv: [...lowest, process.execPath, entry, folder],
      cwd: folder,
      // What its instances write goes with its folder, however they end.
      env: { ...env, ...compiled(), TMPDIR: join(folder, 'tmp') },
      secrets: hidden,
      timeoutMs: start.settings.budgetMs + marginMs,
      graceMs,
      log: { maxBytes: logBytes, rotate: false },
    })
  }

  const resultOf = (key: Key): Promise<CompareEnd | undefined> =>
    readJson<CompareEnd>(join(folderIn(root, idOf(key)), compareFiles.result))

  return {
    async start(key, start) {
      if ((await commands.find(key)) !== 'absent') return
      try {
        await begin(key, start)
      } catch (error) {
        // A secret without a value, a release that is damaged: trying again would not mend it.
        const end: CompareEnd = { is: 'failed', reasons: [{ text: messageOf(error) }] }
        await writeFile(join(folderIn(root, start.id), compareFiles.result), JSON.stringify(end))
      }
    },
    async find(key): Promise<Found<CompareEnd>> {
      const found = await commands.find(key)
      const result = await resultOf(key)
      if (found === 'absent' && result?.is === 'failed') return { ended: result }
      if (typeof found === 'string') return found
      const { why, error } = found.ended
      if (why === 'cancelled') return { ended: { is: 'interrupted' } }
      if (result && why === 'exited') return { ended: result }
      const text = error === undefined ? endings[why] : `${endings[why]}: ${error}`
      return { ended: { is: 'failed', reasons: [{ text }] } }
    },
    cancel: (key, grace) => commands.cancel(key, grace),
    progress: (id) => readJson<CompareProgress>(join(folderIn(root, id), compareFiles.progress)),
    tidy: (id) => rm(folderIn(root, id), { recursive: true, force: true }),
  }
}
