/**
 * Runs in a process of its own, started by evaluate.ts, and evaluates one configuration file. It may read
 * nothing but this folder: the files of the repository are asked of the parent, one line of JSON each way
 * (questions and the result on descriptor 3, answers on descriptor 0), so that a link cannot lead out of it.
 */
import { readSync, writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { format } from 'node:util'
import { type FromSandbox, fromSandbox, plainModules, type ToSandbox } from './sandboxProtocol.ts'
import { toPlain } from './toPlain.ts'

/** Stands for the repository's root in the names of modules; files have no other address in here. */
const root = 'file:///repository/'
const face = new URL(import.meta.url.endsWith('.ts') ? './index.ts' : './index.js', import.meta.url).href

/** Taken before the configuration can touch anything. */
const file = process.argv[2] ?? ''
const end = process.exit

const tell = (message: FromSandbox): void => {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(fromSandbox, bytes, sent)
}

function readLine(): string {
  const chunk = Buffer.alloc(65_536)
  const chunks: Buffer[] = []
  for (;;) {
    const read = readSync(0, chunk)
    chunks.push(Buffer.from(chunk.subarray(0, read)))
    if (read === 0 || chunk[read - 1] === 10) return Buffer.concat(chunks).toString('utf8')
  }
}

function ask(path: string, specifier: string, from: string): string {
  tell({ is: 'read', path, specifier, from })
  const answer = JSON.parse(readLine()) as ToSandbox
  if (answer.is === 'source') return answer.source
  throw new Error('the file was refused')
}

const pathOf = (url: string): string =>
  url.startsWith(root) ? decodeURIComponent(url.slice(root.length)) : file

/** Texts of the files imported so far, by address. */
const sources = new Map<string, string>()

/** Refuses an import for good: the parent says why, in its own words. */
function refuse(specifier: string, from: string): never {
  tell({ is: 'refused', specifier, from: pathOf(from) })
  throw new Error(`'${specifier}' cannot be imported here`)
}

function formatOf(url: string): 'json' | 'module' | 'module-typescript' {
  if (url.endsWith('.json')) return 'json'
  return /\.m?ts$/.test(url) ? 'module-typescript' : 'module'
}

registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL ?? ''
    if (!from.startsWith(root) && !specifier.startsWith(root)) return next(specifier, context)
    if (specifier === 'plimsoll') return { url: face, shortCircuit: true }
    if (plainModules.has(specifier)) return next(specifier, context)
    if (!/^(\.{1,2}\/|file:)/.test(specifier)) return refuse(specifier, from)
    const url = new URL(specifier, from.startsWith(root) ? from : root).href
    if (!url.startsWith(root)) return refuse(specifier, from)
    if (!sources.has(url)) sources.set(url, ask(pathOf(url), specifier, pathOf(from)))
    return { url, shortCircuit: true }
  },
  load(url, context, next) {
    if (!url.startsWith(root)) return next(url, context)
    return { format: formatOf(url), source: sources.get(url) ?? '', shortCircuit: true }
  },
})

process.on('uncaughtExceptionMonitor', (error: unknown) => {
  const known = error instanceof Error
  const stack = known ? String(error.stack) : ''
  tell({ is: 'failed', name: known ? error.name : '', message: known ? error.message : String(error), stack })
})

const printTo =
  (descriptor: number) =>
  (...values: unknown[]): void =>
    void writeSync(descriptor, `${format(...values)}\n`)

/** Takes away what a configuration has no use for: Node's own `console` and `process` lead to sockets. */
function narrowGlobals(): void {
  const log = printTo(1)
  const warn = printTo(2)
  const narrow = {
    process: { env: {}, argv: [], platform: process.platform, version: process.version },
    console: { log, info: log, debug: log, dir: log, table: log, warn, error: warn, trace: warn },
    fetch: undefined,
    WebSocket: undefined,
    EventSource: undefined,
  }
  for (const [name, value] of Object.entries(narrow))
    Object.defineProperty(globalThis, name, { value: Object.freeze(value) })
}

narrowGlobals()
const module = (await import(new URL(file, root).href)) as { default?: unknown }
tell({ is: 'config', ...toPlain(await module.default) })
end(0) // whatever it still waits for
