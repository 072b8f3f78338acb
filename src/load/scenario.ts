/**
 * What a scenario file imports: `import { scenario, csv } from 'plimsoll/load'`.
 *
 * A scenario says what one user does, once. Plimsoll runs it again and again: for each arrival of a rate, or over and
 * over for each of a number of users.
 */
import { readFileSync } from 'node:fs'
import { PlimsollError } from '../kernel/errors.ts'

/** What came back. Its times are in milliseconds. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** Decoded when it came compressed. @throws Error when that is broken */
  readonly body: Buffer
  /** From the intended time to the last byte. */
  readonly responseMs: number
  text(): string
  /** @throws SyntaxError when the body is not JSON */
  json<T = unknown>(): T
}

/** What a request may say beside its address. */
export type RequestOptions = {
  /** Under this name it is counted; the method and path without numbers, when it says none. */
  readonly name?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text and bytes as they are; URLSearchParams as a form, FormData as multipart, anything else as JSON. */
  readonly body?: unknown
  /** Statuses that are right; those below 400, when it says none. */
  readonly expect?: readonly number[]
  /** Follow redirects, ten at most; true when it says nothing. */
  readonly follow?: boolean
}

/** One user, who does what the scenario says. Cookies are its own. */
export interface User<Data = unknown> {
  /** Counts from 0, over all workers; another for each user that runs at the same time. */
  readonly number: number
  /** How often this user began the scenario before. */
  readonly iteration: number
  /** What `setUp` returned. */
  readonly data: Data
  /** This user's own, kept from one iteration to the next (with users; new for each arrival of a rate). */
  readonly state: Record<string, unknown>
  /**
   * Sends a request and waits for its answer.
   * @param url absolute, or a path of the base address
   * @throws RequestFailed when there is no complete answer; uncaught, it ends this iteration and is counted once
   */
  request(method: string, url: string, options?: RequestOptions): Promise<Answer>
  get(url: string, options?: RequestOptions): Promise<Answer>
  post(url: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  put(url: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  patch(url: string, body?: unknown, options?: RequestOptions): Promise<Answer>
  delete(url: string, options?: RequestOptions): Promise<Answer>
  /** Counts whether something is as it should be. @returns whether it is */
  check(name: string, holds: boolean): boolean
  /** Requests within are counted under names that begin with the group's. */
  group<T>(name: string, within: () => Promise<T>): Promise<T>
  /** Does nothing for so long; between two lengths, chosen evenly, when two are given. Milliseconds. */
  think(fromMs: number, toMs?: number): Promise<void>
  /** The next row of a feeder. */
  take<T>(feeder: Feeder<T>): T
  /** Uniform in [0, 1), the same in each run with the same seed. */
  random(): number
}

export type ScenarioBody<Data = unknown> = (user: User<Data>) => Promise<void>

export type Scenario<Data = unknown> = {
  readonly kind: 'plimsoll.scenario'
  readonly name: string
  /** How often, relative to the other scenarios of the file. */
  readonly weight: number
  readonly run: ScenarioBody<Data>
}

/**
 * Declares what one user does.
 * @example
 * export default scenario('pay by card', async (user) => {
 *   const created = await user.post('/payments', { amount: 1_000 })
 *   user.check('created', created.status === 201)
 * })
 */
export function scenario<Data = unknown>(
  name: string,
  run: ScenarioBody<Data>,
  { weight = 1 }: { readonly weight?: number } = {},
): Scenario<Data> {
  return { kind: 'plimsoll.scenario', name, weight, run }
}

/** How rows of a feeder are given out: one after the other and over again, by chance, or each once. */
export type FeederOrder = 'inOrder' | 'random' | 'once'

/** Rows of data for users. `once` shares them out among workers; when none is left, the load ends. */
export type Feeder<T> = {
  readonly kind: 'plimsoll.feeder'
  readonly order: FeederOrder
  /** Undefined: made for each user by `make`. */
  readonly rows: readonly T[] | undefined
  readonly make: (n: number) => T
}

type FeederOptions = { readonly order?: FeederOrder }

/** Rows that are there already. */
export const rows = <T>(all: readonly T[], { order = 'inOrder' }: FeederOptions = {}): Feeder<T> => ({
  kind: 'plimsoll.feeder',
  order,
  rows: all,
  make: (n) => all[n] as T,
})

/** Rows that are made when they are needed; `n` counts from 0 and is never used twice in a run. */
export const generated = <T>(make: (n: number) => T): Feeder<T> => ({
  kind: 'plimsoll.feeder',
  order: 'inOrder',
  rows: undefined,
  make,
})

/** Fields of one line of CSV (RFC 4180: quotes around fields, doubled within). */
function readCsv(text: string): string[][] {
  const lines: string[][] = [[]]
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy
  for (let found = field.exec(text); found && field.lastIndex <= text.length; found = field.exec(text)) {
    lines.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '') break
    if (found[3] !== ',') lines.push([])
  }
  return lines.filter((line) => line.length > 1 || line[0] !== '')
}

function readFile(path: string | URL): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const { message } = error as Error
    throw new PlimsollError('PLM_LOAD_SCENARIO', `a feeder's file cannot be read: ${message}`, {
      cause: error,
    })
  }
}

/**
 * Rows of a CSV file, whose first line names the fields.
 * @example const cards = csv(new URL('./cards.csv', import.meta.url), { order: 'random' })
 */
export function csv(path: string | URL, options: FeederOptions = {}): Feeder<Record<string, string>> {
  const [names = [], ...lines] = readCsv(readFile(path))
  return rows(
    lines.map((line) => Object.fromEntries(names.map((name, i) => [name, line[i] ?? '']))),
    options,
  )
}

/** Rows of a file with one JSON document a line. */
export function jsonLines<T = unknown>(path: string | URL, options: FeederOptions = {}): Feeder<T> {
  const lines = readFile(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return rows(
    lines.map((line) => JSON.parse(line) as T),
    options,
  )
}

/** There was no complete answer. Caught by a scenario that can go on without. */
export class RequestFailed extends Error {
  constructor(because: string) {
    super(because)
    this.name = 'RequestFailed'
  }
}

export { constant, ramp, type Stage, spike, steps } from './plan/profile.ts'
