import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
// As in `in-thread.ts`: not by the index.
import { type ErrorCode, PlimsollError, type Problem } from '../../kernel/errors.ts'
import { seededRandom } from '../../kernel/random.ts'
import type { User } from '../scenario.ts'
import { Client } from './client.ts'
import type { EnginePlan } from './engine-plan.ts'
import { createFeed } from './feed.ts'
import { KnownRequests } from './known-requests.ts'
import { loadScenarioFile, placeOf, type ScenarioFile } from './scenario-file.ts'
import { Session } from './session.ts'
import { Tally } from './tally.ts'
import { VirtualUser } from './virtual-user.ts'

/** What a stage is opened with: the file, and what a user of it needs beside. */
export type StageStart = Pick<EnginePlan, 'timeoutMs' | 'insecure' | 'seed'> & {
  readonly file: string
  readonly baseUrl?: string
}

export type ToStage = { readonly is: 'setUp' } | { readonly is: 'tearDown' }

export type FromStage =
  | { readonly is: 'read'; readonly baseUrl: string | undefined; readonly thresholds: readonly string[] }
  | { readonly is: 'setUp'; readonly data: unknown }
  | { readonly is: 'tearDown' }
  | { readonly is: 'failed'; readonly code: ErrorCode; readonly problems: readonly Problem[] }

const start = workerData as StageStart
const port = parentPort as MessagePort
const tell = (message: FromStage) => port.postMessage(message)

/** Whatever was thrown, as an error of the table with its place in the file. */
function tellFailure(error: unknown, doing: string): void {
  if (error instanceof PlimsollError) {
    tell({ is: 'failed', code: error.code, problems: error.problems })
    return
  }
  const place = placeOf(error, start.file)
  const text = `${doing}: ${error instanceof Error ? error.message : String(error)}`
  tell({ is: 'failed', code: 'PLM_LOAD_SCENARIO', problems: [{ ...(place ? { place } : {}), text }] })
}

/** A user whose requests are in no result. */
async function asUser<T>(
  base: string | undefined,
  data: unknown,
  work: (user: User) => Promise<T>,
): Promise<T> {
  const tally = new Tally()
  const plan: EnginePlan = {
    ...start,
    script: { is: 'scenarios', file: start.file },
    load: { model: 'closed', users: 1, thinkMs: 0, durationMs: 0 },
    warmUpMs: 0,
    connections: 10,
    requestsPerConnection: Number.MAX_SAFE_INTEGER,
    workers: 1,
  }
  const client = new Client(plan, 0, Number.POSITIVE_INFINITY, tally)
  const random = seededRandom(start.seed).fork('set-up')
  const known = new KnownRequests(client, base === undefined ? undefined : new URL(base), true)
  const session = new Session(client, tally, known)
  const shared = {
    tally,
    take: createFeed(0, 1, () => random.next()),
    random: () => random.next(),
    data,
    stillOn: () => {},
    isMeasured: () => false,
  }
  return work(new VirtualUser(0, 0, {}, session, shared)).finally(() => client.close())
}

async function serve({ setUp, tearDown, baseUrl }: ScenarioFile): Promise<void> {
  const base = start.baseUrl ?? baseUrl
  let data: unknown
  const doers: Readonly<Record<ToStage['is'], () => Promise<FromStage>>> = {
    async setUp() {
      if (setUp) data = await asUser(base, undefined, async (user) => setUp(user))
      return { is: 'setUp', data }
    },
    async tearDown() {
      if (tearDown) await asUser(base, data, async (user) => tearDown(user))
      return { is: 'tearDown' }
    },
  }
  port.on('message', ({ is }: ToStage) => {
    // What is no plain data cannot be told to the other threads: that is a failure of the set-up, too.
    doers[is]()
      .then(tell)
      .catch((error: unknown) => tellFailure(error, is))
  })
}

try {
  const file = await loadScenarioFile(start.file)
  await serve(file)
  tell({ is: 'read', baseUrl: start.baseUrl ?? file.baseUrl, thresholds: file.thresholds })
} catch (error) {
  tellFailure(error, 'the file')
}
