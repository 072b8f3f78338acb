import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { JourneyResult, JourneySpec } from './journey.ts'

/** To begin and to end takes time that is not the service's. */
const marginMs = 10_000

/** Source or build: this file's neighbour, in the language that it is in itself. */
const program = fileURLToPath(import.meta.url).replace(/run\.(ts|js)$/, 'main.$1')

const failed = (problem: string): JourneyResult => ({ steps: [], durationMs: 0, isWhole: false, problem })

/**
 * One user goes through a scenario once, in a process of its own.
 * @param folder in which the process lives
 * @param env all that it knows of its surroundings
 */
export function runJourney(
  spec: JourneySpec,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<JourneyResult> {
  const child = fork(program, [JSON.stringify(spec)], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-500)
  })
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), spec.withinMs + marginMs)
    const end = (result: JourneyResult) => {
      clearTimeout(late)
      child.kill('SIGKILL')
      resolve(result)
    }
    child.on('message', (result) => end(result as JourneyResult))
    child.on('error', (error) => end(failed(`its process could not be started: ${error.message}`)))
    child.on('close', (code) =>
      end(failed(`its process ended with ${code ?? 'a signal'}: ${said.trim().split('\n').at(-1) ?? ''}`)),
    )
  })
}
