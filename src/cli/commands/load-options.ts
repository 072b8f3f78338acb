import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { PlimsollError, type Problem, parseDuration } from '../../kernel/index.ts'
import {
  constant,
  durationOf,
  type EnginePlan,
  expectedRequests,
  type Load,
  type LoadTest,
  parseProfile,
  parseThresholds,
  type RequestSpec,
  readScenarioFile,
  type Script,
} from '../../load/index.ts'
import type { Input, Io, Options } from '../command.ts'

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
  'base-url': { type: 'string', value: 'URL', description: 'for the paths of a scenario' },
  timeout: { type: 'string', value: '10s', description: 'for the answer to one request (default 10s)' },
  'requests-per-connection': {
    type: 'string',
    value: 'N',
    description: '1 opens a connection for each (default: no limit)',
  },
  insecure: { type: 'boolean', description: 'do not check certificates' },
  workers: {
    type: 'string',
    value: 'N',
    description: 'threads that make the load (default: by the rate and the cores)',
  },
  seed: { type: 'string', value: 'N', description: 'of everything that is left to chance (default 1)' },
} as const satisfies Options

export const profileOptions = {
  rate: {
    type: 'string',
    value: 'N',
    description: 'requests (or users of a scenario) that begin each second',
  },
  users: { type: 'string', value: 'N', description: 'that each wait for an answer before they ask again' },
  profile: { type: 'string', value: 'TEXT', description: "rates that change: '10..200 over 1m, 200 for 5m'" },
  even: { type: 'boolean', description: 'evenly spaced instead of Poisson arrivals' },
  think: {
    type: 'string',
    value: '1s',
    description: 'how long each user waits before it begins again (default 0s)',
  },
  duration: { type: 'string', value: '30s', description: 'of the measured load (default 30s)' },
  'warm-up': { type: 'string', value: '5s', description: 'before it, in no result (default 5s)' },
} as const satisfies Options

const defaultRate = 50
/** So many requests a second are well within what one thread can send. */
const perWorker = 10_000
const usersPerWorker = 1_000

/** Reads options; every problem is kept, and told together. */
export function createReader({ values }: Input) {
  const problems: Problem[] = []
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    problems,
    text,
    /** A number above 0, or at least 0. */
    number(name: string, least: 'above 0' | 'whole, above 0' = 'above 0'): number | undefined {
      const given = text(name)
      if (given === undefined) return undefined
      const value = Number(given)
      const isWhole = least === 'above 0' || Number.isInteger(value)
      if (Number.isFinite(value) && value > 0 && isWhole) return value
      problems.push({
        at: `--${name}`,
        text: `--${name} is ${given}, expected a ${least === 'above 0' ? '' : 'whole '}number above 0`,
      })
      return undefined
    },
    duration(name: string, usual: number): number {
      const given = text(name)
      if (given === undefined) return usual
      const value = parseDuration(given)
      if (value !== undefined) return value
      problems.push({ at: `--${name}`, text: `--${name} is ${given}, expected a duration such as 30s or 2m` })
      return usual
    },
    /** @throws PLM_USAGE with every problem */
    check(): void {
      if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
    },
  }
}

export type Reader = ReturnType<typeof createReader>

const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

function readHeaders(values: Input['values'], problems: Problem[]): [string, string][] {
  const given = Array.isArray(values.header) ? values.header.map(String) : []
  return given.flatMap((line) => {
    const at = line.indexOf(':')
    if (at > 0) return [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as [string, string]]
    problems.push({ at: '--header', text: `${line} is not a header, which has a name, a colon and a value` })
    return []
  })
}

function readBody(given: string | undefined, io: Io, problems: Problem[]): Buffer | undefined {
  if (given === undefined || !given.startsWith('@'))
    return given === undefined ? undefined : Buffer.from(given)
  const file = resolve(io.cwd, given.slice(1))
  if (existsSync(file)) return readFileSync(file)
  problems.push({ at: '--body', text: `there is no file ${given.slice(1)}` })
  return undefined
}

function readRequest(url: string, input: Input, io: Io, reader: Reader): RequestSpec {
  const body = readBody(reader.text('body'), io, reader.problems)
  const method = reader.text('method')?.toUpperCase() ?? (body ? 'POST' : 'GET')
  const headers = readHeaders(input.values, reader.problems)
  return {
    name: `${method} ${new URL(url).pathname}`,
    method,
    url,
    headers,
    ...(body ? { body: body.toString('base64') } : {}),
  }
}

/** An address, or the file of a scenario, and the thresholds that come with it. */
export async function readScript(
  input: Input,
  io: Io,
  reader: Reader,
): Promise<{ readonly target: string; readonly script: Script; readonly thresholds: readonly string[] }> {
  const [target, ...more] = input.positionals
  if (target === undefined || more.length > 0)
    throw new PlimsollError(
      'PLM_USAGE',
      'expected one address, such as http://127.0.0.1:8080/, or the file of a scenario',
    )
  if (isAddress(target))
    return {
      target,
      script: { is: 'requests', requests: [readRequest(target, input, io, reader)] },
      thresholds: [],
    }
  const file = resolve(io.cwd, target)
  if (!existsSync(file)) {
    const text = `${target} is neither an address (http://… or https://…) nor a file`
    throw new PlimsollError('PLM_USAGE', text)
  }
  const { thresholds } = await readScenarioFile({ file, seed: 1, timeoutMs: 1_000, insecure: false })
  const baseUrl = reader.text('base-url')
  if (baseUrl !== undefined && !isAddress(baseUrl))
    reader.problems.push({ at: '--base-url', text: `${baseUrl} is not an address` })
  return {
    target,
    script: { is: 'scenarios', file, ...(baseUrl === undefined ? {} : { baseUrl }) },
    thresholds,
  }
}

function readLoad(input: Input, reader: Reader): Load {
  const [rate, users] = [reader.number('rate'), reader.number('users', 'whole, above 0')]
  const durationMs = reader.duration('duration', 30_000)
  const given = ['rate', 'users', 'profile'].filter((name) => reader.text(name) !== undefined)
  if (given.length > 1)
    reader.problems.push({ text: `${given.map((name) => `--${name}`).join(' and ')} exclude each other` })
  if (users !== undefined) return { model: 'closed', users, thinkMs: reader.duration('think', 0), durationMs }
  const arrivals = input.values.even ? 'even' : 'poisson'
  const profile = reader.text('profile')
  if (profile === undefined)
    return { model: 'open', stages: constant(rate ?? defaultRate, durationMs), arrivals }
  const { stages, problems } = parseProfile(profile)
  reader.problems.push(...problems)
  return { model: 'open', stages, arrivals }
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
  return {
    script,
    load,
    warmUpMs,
    connections: connections ?? (load.model === 'closed' ? load.users : 1_000),
    requestsPerConnection:
      reader.number('requests-per-connection', 'whole, above 0') ?? Number.MAX_SAFE_INTEGER,
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
