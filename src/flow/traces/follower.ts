import type { DeploymentState } from '../../deploy/index.ts'
import type { Clock, Instant } from '../../kernel/index.ts'
import type { ProvenanceBody } from '../../pipeline/index.ts'
import { trialKinds } from '../../pipeline/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import { readDeployment, readRun } from '../records.ts'
import type { World } from '../world.ts'
import { traceOfDeployment } from './plan/deployment-trace.ts'
import { runIds, traceOfRun } from './plan/run-trace.ts'
import type { SpanRef, Trace } from './plan/span.ts'

/**
 * What became of a trace. `later`: nobody took it, and it is to be tried again, after so long when the collector says so.
 * `refused`: it never will be taken.
 */
export type Sent =
  | { readonly is: 'taken'; readonly rejected: number }
  | { readonly is: 'refused'; readonly because: string }
  | { readonly is: 'later'; readonly because: string; readonly afterMs?: number }

/** Where traces go. */
export interface Traces {
  /** The same trace twice is the same to whoever takes it: its ids are. Aborted, it is `later`. */
  send(trace: Trace, signal: AbortSignal): Promise<Sent>
}

export type TracingStats = {
  /** Since the server began. */
  readonly traces: number
  readonly spans: number
  readonly refused: number
  /** Why the next one does not get through. */
  readonly failing: string | undefined
}

export interface Tracing {
  stats(): TracingStats
  /** How many events lie behind: traces wait in the journal, and take no memory. */
  behind(): Promise<number>
  stop(): Promise<void>
}

const cursorNote = 'traces/cursor'
const page = 100

const firstWaitMs = 1_000
const longestWaitMs = 60_000
/** A collector that wants to be left alone for longer is asked again all the same. */
const longestAskedMs = 10 * 60_000

const endOfDeployment = /^deployment\.(?:passed|failed|inconclusive|cancelled)$/

/** The run that had built a release when its deployment was ordered; another one may build the same later. */
async function runBehind(
  world: World,
  { release, requestedAt }: Pick<DeploymentState, 'release' | 'requestedAt'>,
): Promise<SpanRef | undefined> {
  const known = await world.evidence.about(release, ['provenance', trialKinds.provenance])
  const before = known.filter(({ at }) => at <= requestedAt).sort((a, b) => a.at - b.at)
  const id = (before.at(-1)?.body as ProvenanceBody | undefined)?.run
  const run = id === undefined ? undefined : await readRun(world.journal, id)
  return run && { trace: runIds(run).trace, span: runIds(run).span() }
}

/** The trace that an event completes; what it is made of does not change any more. */
async function traceOf({ type, of }: StoredEvent, world: World): Promise<Trace | undefined> {
  if (of.kind === 'run' && type === 'run.ended') {
    const run = await readRun(world.journal, of.id)
    return run && traceOfRun(run)
  }
  if (of.kind !== 'deployment' || !endOfDeployment.test(type)) return undefined
  const deployment = await readDeployment(world.journal, of.id)
  return deployment && traceOfDeployment(deployment, await runBehind(world, deployment))
}

class Follower implements Tracing {
  readonly #world: World
  readonly #traces: Traces
  readonly #onTrouble: (error: unknown) => void
  readonly #stopped = new AbortController()
  readonly #unwatch: () => void
  #newest: Promise<void> = Promise.resolve()
  #cursor: number | undefined
  #sent = 0
  #spans = 0
  #refused = 0
  #failing: string | undefined

  constructor(world: World, traces: Traces, onTrouble: (error: unknown) => void) {
    this.#world = world
    this.#traces = traces
    this.#onTrouble = onTrouble
    this.#unwatch = world.journal.watch(() => this.#again())
    this.#again()
  }

  stats(): TracingStats {
    return { traces: this.#sent, spans: this.#spans, refused: this.#refused, failing: this.#failing }
  }

  async behind(): Promise<number> {
    const newest = await this.#world.journal.newest()
    return newest - (this.#cursor ?? newest)
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#unwatch()
    await this.#newest
  }

  #isPulling = false
  #isCalled = false

  /** One pull at a time; called meanwhile, it looks once more. */
  #again(): void {
    this.#isCalled = true
    if (this.#isPulling) return
    this.#isPulling = true
    this.#newest = this.#pullOn()
  }

  async #pullOn(): Promise<void> {
    while (this.#isCalled && !this.#stopped.signal.aborted) {
      this.#isCalled = false
      try {
        await this.#pull()
      } catch (error) {
        this.#onTrouble(error)
        this.#isCalled = true
        await this.#pause(firstWaitMs)
      }
    }
    this.#isPulling = false
  }

  async #pull(): Promise<void> {
    const { journal } = this.#world
    this.#cursor ??= await this.#begin()
    for (;;) {
      const events = await journal.events(this.#cursor, page)
      for (const event of events) {
        const trace = await traceOf(event, this.#world)
        if (trace && !(await this.#deliver(trace))) return
        this.#cursor = event.seq
        if (trace) await journal.setNote(cursorNote, this.#cursor)
      }
      if (events.length < page) return
      // So that the next server has not all of them to read again.
      await journal.setNote(cursorNote, this.#cursor)
    }
  }

  /** What had ended before anybody collected traces is not told of. */
  async #begin(): Promise<number> {
    const { journal } = this.#world
    const known = await journal.note(cursorNote)
    if (known !== undefined) return Number(known)
    const newest = await journal.newest()
    await journal.setNote(cursorNote, newest)
    return newest
  }

  /** @returns false when it stops before somebody has taken, or refused, the trace */
  async #deliver(trace: Trace): Promise<boolean> {
    for (
      let waitMs = firstWaitMs;
      !this.#stopped.signal.aborted;
      waitMs = Math.min(2 * waitMs, longestWaitMs)
    ) {
      const sent = await this.#traces.send(trace, this.#stopped.signal)
      if (sent.is !== 'later') {
        this.#count(trace, sent)
        return true
      }
      if (this.#failing === undefined) this.#onTrouble(new Error(sent.because))
      this.#failing = sent.because
      await this.#pause(Math.max(waitMs, Math.min(sent.afterMs ?? 0, longestAskedMs)))
    }
    return false
  }

  #count({ spans }: Trace, sent: Exclude<Sent, { is: 'later' }>): void {
    this.#failing = undefined
    const refused = sent.is === 'refused' ? spans.length : sent.rejected
    if (sent.is === 'taken') this.#sent++
    this.#spans += spans.length - refused
    this.#refused += refused
    if (sent.is === 'refused') this.#onTrouble(new Error(`a trace was refused: ${sent.because}`))
    else if (refused > 0) this.#onTrouble(new Error(`${refused} spans were refused`))
  }

  async #pause(ms: number): Promise<void> {
    const { clock }: { readonly clock: Clock } = this.#world
    const until: Instant = clock.now() + ms
    await clock.until(until, this.#stopped.signal)
  }
}

/**
 * Tells whoever collects traces of each run and each deployment once it has ended, from where the last server stopped. What
 * cannot be told yet stays in the journal; a server that dies in between tells of the same trace again, by the same ids.
 */
export const startTracing = (world: World, traces: Traces, onTrouble: (error: unknown) => void): Tracing =>
  new Follower(world, traces, onTrouble)
