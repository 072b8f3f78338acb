import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { PlimsollError } from '../../kernel/index.ts'
import {
  durationOf,
  type EnginePlan,
  expectedRequests,
  isAddress,
  type Load,
  type LoadTest,
  nearestAddress,
  parseThresholds,
  readScenarioFile,
  type Script,
} from '../../load/index.ts'
import type { Input, Io, Options } from '../command.ts'
import { readLoad } from './load-profile.ts'
import { createReader, type Reader } from './load-reader.ts'
import { isList, readRequests } from './load-requests.ts'

/** What every command that makes load may be told. */
export const loadOptions = {
  connections: {
    type: 'string',
    value: 'N',
    description: 'open at the same time at most (default 1000, or as many as users)',
  },
  method: {
    type: 'string',
    short: 'X',
    value: 'M',
    description: 'of the request (default GET, POST with a body)',
  },
  header: {
    type: 'string',
    short: 'H',
    multiple: true,
    value: "'K: V'",
    description: 'a header; may be given again',
  },
  body: { type: 'string', value: 'TEXT', description: 'of the request; @FILE reads a file' },
  'base-url': { type: 'string', value: 'URL', description: 'for the paths of a scenario or a list' },
  timeout: { type: 'string', value: '10s', description: 'for the answer to one request (default 10s)' },
  'requests-per-connection': {
    type: 'string',
    value: 'N',
    description: '1 opens a connection for each (default: no limit)',
  },
  'idle-timeout': {
    type: 'string',
    value: '4s',
    description: 'closes a connection that is idle for so long (default: the service does)',
  },
  insecure: { type: 'boolean', description: 'do not check certificates' },
  workers: {
    type: 'string',
    value: 'N',
    description: 'threads that make the load (default: by the rate and the cores)',
  },
  seed: { type: 'string', value: 'N', description: 'of everything that is left to chance (default 1)' },
} as const satisfies Options

/** So many requests a second are well within what one thread can send. */
const perWorker = 10_000
const usersPerWorker = 1_000

type Read = { readonly target: string; readonly script: Script; readonly thresholds: readonly string[] }

/** A scenario, and the thresholds that come with it. */
async function readScenario(target: string, io: Io, reader: Reader): Promise<Read> {
  const file = resolve(io.cwd, target)
  if (!existsSync(file)) {
    const meant = nearestAddress(target)
    const text = `${target} is neither an address (http://… or https://…) nor a file`
    throw new PlimsollError('PLM_USAGE', [{ text, ...(meant ? { didYouMean: meant } : {}) }])
  }
  const { thresholds } = await readScenarioFile(
    { file, seed: 1, timeoutMs: 1_000, insecure: false },
    io.signal,
  )
  const baseUrl = reader.text('base-url')
  return {
    target,
    script: { is: 'scenarios', file, ...(baseUrl === undefined ? {} : { baseUrl }) },
    thresholds,
  }
}

/** Addresses, lists of addresses, or the file of a scenario. */
export async function readScript(input: Input, io: Io, reader: Reader): Promise<Read> {
  const [first, ...more] = input.positionals
  if (first === undefined)
    throw new PlimsollError(
      'PLM_USAGE',
      'expected an address, such as http://127.0.0.1:8080/, a list of addresses (.txt), or the file of a scenario',
    )
  const baseUrl = reader.text('base-url')
  if (baseUrl !== undefined && !isAddress(baseUrl))
    reader.problems.push({ at: '--base-url', text: `${baseUrl} is not an address` })
  if (more.length === 0 && !isAddress(first) && !isList(first)) return readScenario(first, io, reader)
  return {
    target: more.length === 0 ? first : `${first} and ${more.length} more`,
    script: { is: 'requests', requests: readRequests(input.positionals, input, io, reader) },
    thresholds: [],
  }
}

/** Few enough threads that the service keeps a core, enough that none is the limit. */
function workersFor(load: Load): number {
  const most = Math.max(1, availableParallelism() - 1)
  const wanted =
    load.model === 'closed'
      ? load.users / usersPerWorker
      : Math.max(
          ...load.stages.map(({ fromPerSecond, toPerSecond }) => Math.max(fromPerSecond, toPerSecond)),
        ) / perWorker
  return Math.min(most, Math.max(1, Math.ceil(wanted)))
}

/** What the engine is told, of how rather than what. */
export function readPlan(
  script: Script,
  load: Load,
  warmUpMs: number,
  input: Input,
  reader: Reader,
): EnginePlan {
  const connections = reader.number('connections', 'whole, above 0')
  const idleMs = reader.text('idle-timeout') === undefined ? undefined : reader.duration('idle-timeout', 0)
  return {
    script,
    load,
    warmUpMs,
    connections: connections ?? (load.model === 'closed' ? load.users : 1_000),
    requestsPerConnection:
      reader.number('requests-per-connection', 'whole, above 0') ?? Number.MAX_SAFE_INTEGER,
    ...(idleMs === undefined ? {} : { idleMs }),
    timeoutMs: reader.duration('timeout', 10_000),
    workers: reader.number('workers', 'whole, above 0') ?? workersFor(load),
    seed: reader.number('seed', 'whole, above 0') ?? 1,
    insecure: input.values.insecure === true,
  }
}

/** A whole load test from a command line; every problem of it at once. */
export async function readLoadTest(input: Input, io: Io): Promise<LoadTest> {
  const reader = createReader(input)
  const { target, script, thresholds: ofFile } = await readScript(input, io, reader)
  const load = readLoad(input, reader)
  const given = Array.isArray(input.values.threshold) ? input.values.threshold.map(String) : []
  const { thresholds, problems } = parseThresholds([...ofFile, ...given])
  reader.problems.push(...problems)
  const plan = readPlan(script, load, reader.duration('warm-up', 5_000), input, reader)
  if (load.model === 'open' && durationOf(load.stages) > 0 && expectedRequests(load.stages) < 1)
    reader.problems.push({ text: 'not one request would be sent: raise the rate or the duration' })
  reader.check()
  return { target, plan, thresholds }
}
