import { type ChildProcess, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Json, PlimsollError } from '../kernel/index.ts'
import type { OddValue } from './check.ts'
import { hear } from './converse.ts'
import { explainFailure, explainRefusal } from './failures.ts'
import { endingWithParent, findIsolation, type Isolation, isolate } from './isolation.ts'
import { missingConfig } from './nearby.ts'
import { readRepositoryFile } from './repositoryFiles.ts'

export const configFile = 'plimsoll.config.ts'

/** What the configuration file of a repository says, not yet checked. Plain data: it can be stored. */
export type EvaluatedConfig = {
  /** Its path from the repository's root. */
  readonly file: string
  readonly source: string
  readonly value: Json
  readonly odd: readonly OddValue[]
  /** What it printed, cut short: for people who debug it. */
  readonly printed: string
  readonly isolation: Isolation
}

export type EvaluateOptions = {
  /** Root of the repository: only files in here can be read. */
  readonly folder: string
  readonly file?: string
  readonly timeoutMs?: number
}

const memoryMb = 128

/** Source or build: this file's neighbour, in the language that it is in itself. */
const sandbox = fileURLToPath(import.meta.url).replace(/evaluate\.(ts|js)$/, 'sandbox.$1')

/**
 * Evaluates a configuration file in a process of its own: without environment, secrets, child processes or
 * writing, with no reading outside `folder` (links out of it lead nowhere) and, where the machine offers it
 * (`isolation: 'kernel'`), without network. On Linux it ends with this process, however that ends. Only `plimsoll`, files of the repository and a few modules of
 * Node's that calculate can be imported; nothing has to be installed for that.
 * @throws PlimsollError PLM_CONFIG_MISSING, PLM_CONFIG_FAILED
 *
 * @example
 * const { value } = await evaluateConfig({ folder: '.' })
 */
export async function evaluateConfig(options: EvaluateOptions): Promise<EvaluatedConfig> {
  const { folder, file = configFile, timeoutMs = 10_000 } = options
  const source = await readRepositoryFile(folder, file)
  if (source === undefined) throw await missingConfig(folder, file)
  const isolation = await findIsolation()
  const heard = await hear(startSandbox(isolation, await endingWithParent(), file, timeoutMs), folder)
  if (heard.result?.is === 'config' && heard.exit === 0)
    return {
      file,
      source,
      value: heard.result.value,
      odd: heard.result.odd,
      printed: heard.printed,
      isolation,
    }
  const problem = heard.refused
    ? await explainRefusal(heard.refused, (path) => readRepositoryFile(folder, path))
    : explainFailure(heard, { file, timeoutMs, memoryMb })
  throw new PlimsollError('PLM_CONFIG_FAILED', [problem])
}

function startSandbox(
  isolation: Isolation,
  ending: readonly string[],
  file: string,
  timeoutMs: number,
): ChildProcess {
  const isolated = isolate(isolation, [
    process.execPath,
    '--permission',
    `--allow-fs-read=${dirname(sandbox)}`,
    `--max-old-space-size=${memoryMb}`,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    sandbox,
    file,
  ])
  const [command = '', ...argv] = [...ending, ...isolated]
  return spawn(command, argv, {
    cwd: dirname(sandbox),
    env: {},
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
}
