import type { Clock, Instant } from '../../kernel/index.ts'
import type { SeriesStore } from '../../series/index.ts'
import type { ProbeStep } from '../probes/probe.ts'
import { type Looked, look, type Memory, type Surroundings } from './looks.ts'
import { endings, type Told, toldIn } from './plan/ending.ts'
import { planRound } from './plan/rounds.ts'
import type { ProblemKind, ScrapeProblem } from './plan/scraped.ts'
import { type CollectSource, sourcesOf } from './plan/sources.ts'

/** How a source stood when it was last looked at. */
export type SourceState = {
  readonly id: string
  readonly service: string
  readonly environment: string
  readonly kind: CollectSource['kind']
  /** Name of the probe, or of the target. */
  readonly name: string
  readonly at: Instant
  /** What was wrong then. */
  readonly problems: readonly ScrapeProblem[]
  /** Of a journey: as it went then. */
  readonly steps?: readonly ProbeStep[]
}

/** What has been collected since the collector began. */
export type CollectStats = {
  readonly looks: number
  readonly readings: number
  /** What the store did not take. */
  readonly refused: number
  readonly problems: Readonly<Partial<Record<ProblemKind, number>>>
}

export interface Collector {
  states(): readonly SourceState[]
  stats(): CollectStats
  /** Resolves when all that was told is with the store; who is slow is not waited for. */
  stop(): Promise<void>
}

export type CollectorDeps = {
  readonly store: SeriesStore
  readonly clock: Clock
  readonly around: Surroundings
  /** Something that should not happen did. Collecting goes on. */
  readonly onTrouble: (what: string, error: unknown) => void
}

type Known = { source: CollectSource; told: Told; readonly memory: Memory; state?: SourceState }

/** What there is to watch is asked for so often. */
const lookAroundMs = 5_000
/** Who is slower than this to answer is not waited for when everything stops. */
const atEndMs = 500

/** Plimsoll starts and stops it. */
const isOurs = (source: CollectSource): boolean =>
  source.kind === 'gateway' || (source.kind === 'target' && source.target.version !== undefined)

const nameOf = (source: CollectSource): string => {
  if (source.kind === 'target') return source.target.instance
  return source.kind === 'probe' ? source.probe.name : source.kind
}

class RunningCollector implements Collector {
  readonly #deps: CollectorDeps
  readonly #known = new Map<string, Known>()
  readonly #last = new Map<string, Instant>()
  readonly #under = new Map<string, Promise<void>>()
  readonly #stopped = new AbortController()
  readonly #running: Promise<unknown>
  #sources: readonly CollectSource[] = []
  #lookedAroundAt = Number.NEGATIVE_INFINITY
  #isOver = false
  #looks = 0
  #readings = 0
  #refused = 0
  readonly #problems: Partial<Record<ProblemKind, number>> = {}

  constructor(deps: CollectorDeps) {
    this.#deps = deps
    this.#running = this.#collect()
  }

  states(): readonly SourceState[] {
    return [...this.#known.values()].flatMap(({ state }) => state ?? [])
  }

  stats(): CollectStats {
    return {
      looks: this.#looks,
      readings: this.#readings,
      refused: this.#refused,
      problems: { ...this.#problems },
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#running
    const { clock } = this.#deps
    await Promise.race([Promise.all(this.#under.values()), clock.until(clock.now() + atEndMs)])
    this.#isOver = true
    await this.#guarded('flush', () => this.#deps.store.flush())
  }

  async #collect(): Promise<void> {
    const { clock } = this.#deps
    while (!this.#stopped.signal.aborted) {
      if (clock.now() - this.#lookedAroundAt >= lookAroundMs) await this.#lookAround()
      const now = clock.now()
      const { due, next } = planRound(this.#sources, this.#last, now)
      for (const { source, at } of due) this.#begin(source, at)
      await clock.until(Math.min(next, now + lookAroundMs), this.#stopped.signal)
    }
  }

  async #lookAround(): Promise<void> {
    const now = this.#deps.clock.now()
    this.#lookedAroundAt = now
    await this.#guarded('look around', async () => {
      this.#sources = sourcesOf(await this.#deps.around.watched())
    })
    for (const id of [...this.#known.keys()]) if (!this.#isThere(id)) this.#forget(id, now)
  }

  #isThere(id: string): boolean {
    return this.#sources.some((one) => one.id === id)
  }

  /** What is being looked at ends by itself. */
  #forget(id: string, now: Instant): void {
    const known = this.#known.get(id)
    if (!known || this.#under.has(id)) return
    this.#keep(
      id,
      this.#guarded(id, () => this.#end(known, now)),
    )
  }

  /** It is not there any more: nor are its series. */
  async #end({ source: { id }, told }: Known, at: Instant): Promise<void> {
    this.#known.delete(id)
    this.#last.delete(id)
    await this.#append(endings(told, new Map(), at))
  }

  #begin(source: CollectSource, at: Instant): void {
    const { id } = source
    this.#last.set(id, at)
    // Slower than its interval: the next look is the next place on the grid.
    if (this.#under.has(id)) return
    const known = this.#known.get(id) ?? { source, told: new Map(), memory: {} }
    known.source = source
    this.#known.set(id, known)
    this.#keep(
      id,
      this.#guarded(id, () => this.#lookAt(known, at)),
    )
  }

  #keep(id: string, work: Promise<void>): void {
    const kept = work.finally(() => {
      if (this.#under.get(id) === kept) this.#under.delete(id)
    })
    this.#under.set(id, kept)
  }

  async #lookAt(known: Known, at: Instant): Promise<void> {
    const { source, memory, told } = known
    const looked = await look(source, at, memory, this.#deps.around)
    // What does not answer may have been stopped a moment ago, in order: that is no failure.
    if (isOurs(source) && looked.problems.some(({ kind }) => kind === 'unreachable')) await this.#lookAround()
    if (!this.#isThere(source.id)) return this.#end(known, at)
    const now = toldIn(looked.readings, at)
    known.told = now
    this.#count(looked)
    const { service, environment } = source.of
    known.state = {
      ...{ id: source.id, service, environment, kind: source.kind, name: nameOf(source), at },
      problems: looked.problems,
      ...(looked.steps ? { steps: looked.steps } : {}),
    }
    await this.#append([...looked.readings, ...endings(told, now, at)])
  }

  #count({ problems }: Looked): void {
    this.#looks++
    for (const { kind } of problems) this.#problems[kind] = (this.#problems[kind] ?? 0) + 1
  }

  async #append(readings: readonly Parameters<SeriesStore['append']>[0][number][]): Promise<void> {
    if (readings.length === 0 || this.#isOver) return
    const { taken } = await this.#deps.store.append(readings)
    this.#readings += taken
    this.#refused += readings.length - taken
  }

  async #guarded(what: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      this.#deps.onTrouble(what, error)
    }
  }
}

/**
 * Looks at everything that there is to watch, each at its own times, and hands what it finds to the store. What is slow,
 * lies or fails holds up nothing else.
 */
export const startCollector = (deps: CollectorDeps): Collector => new RunningCollector(deps)
