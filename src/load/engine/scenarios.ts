import { seededRandom } from '../../kernel/random.ts'
import { RequestFailed, type Scenario } from '../scenario.ts'
import { chooser } from './chooser.ts'
import { Client, Stopped } from './client.ts'
import type { EnginePlan, Script } from './engine-plan.ts'
import { createFeed, UsedUp } from './feed.ts'
import { KnownRequests } from './known-requests.ts'
import { Misdirected } from './redirect.ts'
import type { Driver, WorkerPlace } from './requests.ts'
import { placeOf, type ScenarioFile } from './scenario-file.ts'
import { comesAfterMs, scheduleOf } from './schedule.ts'
import { Session } from './session.ts'
import { shareOf } from './share.ts'
import type { Tally } from './tally.ts'
import { keepTime, latestMs, runAt } from './turns.ts'
import { type UserSurroundings, VirtualUser } from './virtual-user.ts'

type ScenarioScript = Script & { readonly is: 'scenarios' }

/** Asks no more once the answer was yes: the clock is read for every check of every user. */
function untilTrue(ask: () => boolean): () => boolean {
  let isTrue = false
  return () => {
    if (!isTrue) isTrue = ask()
    return isTrue
  }
}

/** Runs the users of scenarios: one for each arrival, or so many over and over. */
export class ScenarioDriver implements Driver {
  readonly ended: Promise<void>
  readonly #plan: EnginePlan
  readonly #script: ScenarioScript
  readonly #place: WorkerPlace
  readonly #tally: Tally
  readonly #client: Client
  readonly #choose: () => Scenario
  readonly #isFull: () => boolean
  readonly #shared: UserSurroundings
  readonly #known: KnownRequests
  #running = 0
  #over = false
  #early: { readonly at: number; readonly usedUp: boolean } | undefined
  #end!: () => void
  #time: { stop(): void } | undefined
  #closing: NodeJS.Timeout | undefined
  #turnsBusyMs = 0

  constructor(
    plan: EnginePlan,
    script: ScenarioScript,
    file: ScenarioFile,
    place: WorkerPlace,
    tally: Tally,
    isFull: () => boolean = () => false,
  ) {
    this.#plan = plan
    this.#isFull = isFull
    this.#script = script
    this.#place = place
    this.#tally = tally
    const measuredFrom = place.startAt + plan.warmUpMs
    this.#client = new Client(plan, place.index, measuredFrom, tally)
    const random = seededRandom(plan.seed).fork(`worker ${place.index}`)
    const next = () => random.next()
    this.#choose = chooser(file.scenarios, next)
    const base = script.baseUrl ?? file.baseUrl
    const baseUrl = base === undefined ? undefined : new URL(base)
    this.#known = new KnownRequests(this.#client, baseUrl, plan.requestsPerConnection > 1)
    this.#shared = {
      tally,
      take: createFeed(place.index, plan.workers, next),
      random: next,
      data: script.data,
      stillOn: () => {
        if (!this.#goesOn()) throw new Stopped()
      },
      isMeasured: untilTrue(() => performance.now() >= measuredFrom),
    }
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    if (plan.load.model === 'open') this.#beginOpen()
    else this.#beginClosed()
  }

  busyMs = (): number => this.#client.busyMs + this.#turnsBusyMs
  mostConnections = (): number => this.#client.mostConnections()
  inFlight = (): number => this.#client.inFlight
  pause = (): void => this.#client.pause()
  resume = (): void => this.#client.resume()

  early = () => this.#early

  stop(): void {
    this.#stop(false)
  }

  /** Something was thrown that nobody waited for: a promise without `await`, a timer. */
  stray(error: unknown): void {
    if (error instanceof Stopped || error instanceof RequestFailed || !this.#shared.isMeasured()) return
    this.#tellError(error)
  }

  /** Before memory is used up the load ends: whoever watches it says why. */
  #goesOn(): boolean {
    if (!this.#over && this.#isFull()) this.#stop(false)
    return !this.#over
  }

  #stop(usedUp: boolean): void {
    if (!this.#over) this.#early = { at: performance.now(), usedUp }
    this.#time?.stop()
    clearTimeout(this.#closing)
    this.#finish()
  }

  #beginOpen(): void {
    const { load, workers, warmUpMs } = this.#plan
    if (load.model !== 'open') return
    const { startAt, index } = this.#place
    const { next, lengthMs } = scheduleOf(load, this.#plan, index)
    let arrived = 0
    this.#time = keepTime({
      next: () => startAt + next(),
      fire: (intended) => {
        const number = arrived++ * workers + index
        void this.#iterate(number, 0, {}, this.#newSession(), intended)
      },
      until: startAt + lengthMs + latestMs,
      drop: (intended) => {
        if (intended >= startAt + warmUpMs) this.#neverBegan()
      },
      busy: (ms) => {
        this.#turnsBusyMs += ms
      },
      over: () => {
        const leftMs = startAt + lengthMs - performance.now()
        this.#closing = setTimeout(() => this.#finish(), Math.max(0, leftMs))
      },
    })
  }

  #beginClosed(): void {
    const { load, warmUpMs, workers } = this.#plan
    if (load.model !== 'closed') return
    const { startAt, index } = this.#place
    runAt(startAt, () => {
      const users = shareOf(load.users, index, workers)
      for (let user = 0; user < users; user++) {
        const waitMs = comesAfterMs(this.#plan, user, users)
        void this.#live(user * workers + index, load.thinkMs, waitMs)
      }
    })
    const lengthMs = Math.max(0, startAt - performance.now()) + warmUpMs + load.durationMs
    this.#closing = setTimeout(() => this.#finish(), lengthMs)
  }

  /** What a user would have asked is not known: it counts as one request. */
  #neverBegan(): void {
    const name = this.#tally.of('users who never began')
    this.#tally.scheduled(name)
    this.#tally.unsent(name, 'the generator was too late')
  }

  #newSession = (): Session => new Session(this.#client, this.#tally, this.#known)

  /** A user that begins again whenever it has ended. */
  async #live(number: number, thinkMs: number, waitMs: number): Promise<void> {
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    const session = this.#newSession()
    const state: Record<string, unknown> = {}
    for (let iteration = 0; !this.#over; iteration++) {
      const { answers } = session
      await this.#iterate(number, iteration, state, session, undefined)
      if (thinkMs > 0) await new Promise((resolve) => setTimeout(resolve, thinkMs))
      // A user that waited for no answer would keep everything else from happening.
      else if (session.answers === answers) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async #iterate(
    number: number,
    iteration: number,
    state: Record<string, unknown>,
    session: Session,
    intended: number | undefined,
  ): Promise<void> {
    if (!this.#goesOn()) return
    this.#running++
    session.intended = intended
    const isMeasured = this.#shared.isMeasured()
    try {
      await this.#choose().run(new VirtualUser(number, iteration, state, session, this.#shared))
      if (isMeasured) this.#tally.users.passed++
    } catch (error) {
      this.#ended(error, isMeasured)
    }
    this.#running--
    this.#endIfIdle()
  }

  #ended(error: unknown, isMeasured: boolean): void {
    if (error instanceof Stopped) return
    if (error instanceof UsedUp) {
      this.#stop(true)
      return
    }
    if (isMeasured) this.#tally.users.failed++
    // A request without an answer is counted as such already.
    if (!(error instanceof RequestFailed) || error instanceof Misdirected) this.#tellError(error)
  }

  #tellError(error: unknown): void {
    const place = placeOf(error, this.#script.file)
    const text = error instanceof Error ? error.message : String(error)
    this.#tally.scenarioError(place ? `${place}: ${text}` : text)
  }

  /** The time is up: users may still hear the answers that they wait for. */
  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#client.stop()
    // A user that does something else than waiting for an answer is not waited for longer than that would take.
    this.#closing = setTimeout(() => this.#close(), this.#plan.timeoutMs)
    this.#endIfIdle()
  }

  #endIfIdle(): void {
    if (this.#over && this.#running === 0 && this.#client.inFlight === 0) this.#close()
  }

  #close(): void {
    clearTimeout(this.#closing)
    this.#tally.users.unfinished = this.#running
    this.#client.close()
    this.#end()
  }
}
