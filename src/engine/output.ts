import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandSpec, jobFolder, Tail } from '../host/index.ts'
import type { Clock, Key } from '../kernel/index.ts'
import type { Engine } from './engine.ts'
import { framesIn, sinceOf, stampOf } from './frames.ts'
import { openMarks } from './marks.ts'
import { EngineRefusal } from './socket.ts'

/** The output of one group on its way to the kept log. */
export interface Output {
  /** Takes over what has come. */
  pump(): void
  /** Adds a line of ours. */
  say(text: string): void
  /**
   * All containers have ended: reads the rest, to its end. May be asked again when the engine did not answer.
   * @returns bytes that were not kept
   */
  finish(): Promise<number>
  /** Follows no longer; what comes is read by the next server. */
  leave(): void
}

export type OutputSpec = {
  readonly containers: readonly { readonly name: string; readonly id: string }[]
  /** Each line begins with the name of its container: where there are several. */
  readonly named: boolean
  readonly log: CommandSpec['log']
  readonly secrets: readonly string[]
}

export type OpenOutput = (key: Key, spec: OutputSpec) => Output

/** After a stream broke off. */
const againMs = 500

/** What several containers print goes line by line, with the name in front. */
function createLines(name: string | undefined): (bytes: Buffer) => Buffer {
  let atStart = true
  return (bytes) => {
    if (name === undefined) return bytes
    const prefix = `${name} | `
    const text = bytes.toString('latin1')
    const begun = atStart ? prefix + text : text
    atStart = text.endsWith('\n')
    const inner = atStart ? begun.slice(0, -1) : begun
    return Buffer.from(inner.replaceAll('\n', `\n${prefix}`) + (atStart ? '\n' : ''), 'latin1')
  }
}

/** Reads what one container prints, from where it was last read. */
type Reading = (follow: boolean, signal: AbortSignal) => Promise<void>

/** A stream that ends may have left out the last lines of a container that ended just then: see `readRest`. */
async function followOn(read: Reading, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ended = await read(true, signal).then(
      () => true,
      () => false,
    )
    if (ended) return
    await clock.until(clock.now() + againMs, signal)
  }
}

/** What a container that has ended printed after what was read: the engine has it all by now. */
async function readRest(read: Reading): Promise<void> {
  try {
    await read(false, new AbortController().signal)
  } catch (error) {
    // It is gone, or its log cannot be read: no later try would change that.
    if (!(error instanceof EngineRefusal)) throw error
  }
}

/**
 * Follows what containers print into the private spool of their job, from where the last server stopped; from there it
 * goes the way of every job's output: masked, capped or rotated. After a crash a line may be there twice; none is lost.
 */
export function engineOutput(root: string, engine: Pick<Engine, 'logs'>, clock: Clock): OpenOutput {
  return (key, { containers, named, log, secrets }) => {
    const files = jobFolder(root, key)
    mkdirSync(files.folder, { recursive: true, mode: 0o700 })
    const marks = openMarks(join(files.folder, 'read.json'))
    const tail = new Tail(files, log, secrets)
    const left = new AbortController()

    const readings = containers.map(({ name, id }): Reading => {
      const lines = createLines(named ? name : undefined)
      return async (follow, signal) => {
        const since = sinceOf(marks.at(name))
        const isNew = marks.reader(name)
        for await (const frame of framesIn(await engine.logs(id, { since, follow, signal }))) {
          const { at, bytes } = stampOf(frame)
          if (isNew(at)) appendFileSync(files.spool, lines(bytes), { mode: 0o600 })
        }
      }
    })
    const following = Promise.all(readings.map((read) => followOn(read, clock, left.signal)))

    const pump = () => {
      tail.pump()
      marks.keep()
    }
    const say = (text: string) => appendFileSync(files.spool, `plimsoll: ${text}\n`, { mode: 0o600 })
    return {
      pump,
      say,
      async finish() {
        left.abort()
        await following
        await Promise.all(readings.map(readRest))
        marks.keep()
        tail.finish()
        return tail.droppedBytes
      },
      leave() {
        pump()
        left.abort()
      },
    }
  }
}
