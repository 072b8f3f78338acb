import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandSpec, jobFolder, Tail } from '../host/index.ts'
import type { Clock, Key } from '../kernel/index.ts'
import type { Engine } from './engine.ts'
import { framesIn, sinceOf, stampOf } from './frames.ts'

/** The output of one group on its way to the kept log. */
export interface Output {
  /** Takes over what has come. */
  pump(): void
  /** All containers have ended: the rest. @returns bytes that were not kept */
  finish(): Promise<number>
  /** Follows no longer; what comes is read by the next server. */
  leave(): void
}

export type OpenOutput = (
  key: Key,
  containers: readonly { readonly name: string; readonly id: string }[],
  log: CommandSpec['log'],
  secrets: readonly string[],
) => Output

/** After a stream broke off. */
const againMs = 500
/** Longest wait for the rest of what a container printed that has ended. */
const restMs = 5_000

/** Up to when each container's output is in the spool. */
type Marks = Record<string, string>

function readMarks(file: string): Marks {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Marks
  } catch {
    return {}
  }
}

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

/**
 * Follows what containers print into the private spool of their job, from where the last server stopped; from there it
 * goes the way of every job's output: masked, capped or rotated. After a crash a line may be there twice; none is lost.
 */
export function engineOutput(root: string, engine: Engine, clock: Clock): OpenOutput {
  return (key, containers, log, secrets) => {
    const files = jobFolder(root, key)
    mkdirSync(files.folder, { recursive: true, mode: 0o700 })
    const marksFile = join(files.folder, 'read.json')
    const marks = readMarks(marksFile)
    const tail = new Tail(files, log, secrets)
    const left = new AbortController()
    let ending = false
    let marked = false

    /** Now and then: after a crash what came since is read again. */
    function keepMarks(): void {
      if (!marked) return
      marked = false
      writeFileSync(`${marksFile}.new`, JSON.stringify(marks), { mode: 0o600 })
      renameSync(`${marksFile}.new`, marksFile)
    }

    async function copy(name: string, id: string, lines: (bytes: Buffer) => Buffer): Promise<void> {
      const known = marks[name] ?? ''
      for await (const frame of framesIn(await engine.logs(id, sinceOf(known), left.signal))) {
        const { at, bytes } = stampOf(frame)
        if (at <= known) continue
        appendFileSync(files.spool, lines(bytes), { mode: 0o600 })
        marks[name] = at
        marked = true
      }
    }

    async function follow({ name, id }: { name: string; id: string }): Promise<void> {
      const lines = createLines(containers.length > 1 ? name : undefined)
      while (!left.signal.aborted) {
        const whole = await copy(name, id, lines).then(
          () => true,
          () => false,
        )
        if (whole || ending) return
        await clock.until(clock.now() + againMs, left.signal)
      }
    }

    const all = Promise.all(containers.map(follow)).then(() => {})
    const pump = () => {
      tail.pump()
      keepMarks()
    }
    return {
      pump,
      async finish() {
        ending = true
        await Promise.race([all, clock.until(clock.now() + restMs)])
        left.abort()
        keepMarks()
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
