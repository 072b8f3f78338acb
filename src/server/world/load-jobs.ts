import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AllCommands } from '../../engine/index.ts'
import { fillIn } from '../../flow/environment-variables.ts'
import type { World } from '../../flow/world.ts'
import type { CommandEnd } from '../../host/index.ts'
import type { Found, Job, Key, Reason, Variables } from '../../kernel/index.ts'
import { jobFiles } from '../../load/index.ts'
import type { BlobStore } from '../../store/index.ts'

export type Deps = {
  /** Working folders are made in here. */
  readonly root: string
  readonly blobs: BlobStore
  readonly commands: AllCommands
  readonly secrets: World['secrets']
}

/** Ends that every process that measures may have. */
type OtherEnd =
  | { readonly is: 'failed'; readonly reasons: readonly Reason[] }
  | { readonly is: 'interrupted' }

/** What a kind of process that measures is. */
export type Measurer<S> = {
  /** Kind of the records whose keys its starts have. */
  readonly kind: string
  /** The program of `src/load/` that is run with the folder. */
  readonly program: string
  /** The command line that runs its program. */
  under(...program: readonly [string, ...string[]]): readonly [string, ...string[]]
  /** Lays out its folder, and says what it must know. */
  layOut(
    start: S,
    folder: string,
  ): Promise<{ readonly spec: object; readonly env: Variables; readonly timeoutMs: number }>
}

const graceMs = 20_000
const logBytes = 2 * 2 ** 20

const readJson = async <T>(file: string): Promise<T | undefined> =>
  readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as T,
    () => undefined,
  )

const entryOf = (program: string): string =>
  fileURLToPath(
    new URL(`../../load/${program}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
  )

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

/** Measurements as commands of this machine, each in a folder of its own. */
export function createLoadJobs<S extends { readonly id: string }, E extends { readonly is: string }, P>(
  { root, commands, secrets }: Deps,
  { kind, program, under, layOut }: Measurer<S>,
): Job<S, E | OtherEnd> & { progress(id: string): Promise<P | undefined>; tidy(id: string): Promise<void> } {
  const folderOf = (id: string): string => join(root, kind, id)
  const idOf = (key: Key): string => key.split('/')[1] ?? ''

  async function begin(key: Key, start: S): Promise<void> {
    const folder = folderOf(start.id)
    await mkdir(join(folder, 'tmp'), { recursive: true, mode: 0o700 })
    await rm(join(folder, jobFiles.result), { force: true })
    const { spec, env: variables, timeoutMs } = await layOut(start, folder)
    await writeFile(join(folder, jobFiles.spec), JSON.stringify(spec), { mode: 0o600 })
    const { env, secrets: hidden } = await fillIn({ secrets }, variables)
    await commands.start(key, {
      argv: under(process.execPath, entryOf(program), folder),
      cwd: folder,
      // What it starts writes what it writes here: it goes with the folder, however they end.
      env: { ...env, ...compiled(), TMPDIR: join(folder, 'tmp') },
      secrets: hidden,
      timeoutMs,
      graceMs,
      log: { maxBytes: logBytes, rotate: false },
    })
  }

  return {
    async start(key, start) {
      if ((await commands.find(key)) !== 'absent') return
      try {
        await begin(key, start)
      } catch (error) {
        // A secret without a value, a release that is damaged: trying again would not mend it.
        const end: OtherEnd = { is: 'failed', reasons: [{ text: messageOf(error) }] }
        await writeFile(join(folderOf(start.id), jobFiles.result), JSON.stringify(end))
      }
    },
    async find(key): Promise<Found<E | OtherEnd>> {
      const found = await commands.find(key)
      const result = await readJson<E | OtherEnd>(join(folderOf(idOf(key)), jobFiles.result))
      if (found === 'absent' && result?.is === 'failed') return { ended: result }
      if (typeof found === 'string') return found
      const { why, error } = found.ended
      if (why === 'cancelled') return { ended: { is: 'interrupted' } }
      if (result && why === 'exited') return { ended: result }
      const text = error === undefined ? endings[why] : `${endings[why]}: ${error}`
      return { ended: { is: 'failed', reasons: [{ text }] } }
    },
    cancel: (key, grace) => commands.cancel(key, grace),
    progress: (id) => readJson<P>(join(folderOf(id), jobFiles.progress)),
    tidy: (id) => rm(folderOf(id), { recursive: true, force: true }),
  }
}
