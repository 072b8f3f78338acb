import { plainPath } from '../engine/known-requests.ts'
import type { Session } from '../engine/session.ts'
import { type UserSurroundings, VirtualUser } from '../engine/virtual-user.ts'
import { type Answer, RequestFailed, type RequestOptions } from '../scenario.ts'
import type { JourneyStep } from './journey.ts'

type Step = { name: string; durationMs?: number; problems: string[] }

/** Scenarios that ask again and again are not to use up the memory. */
const mostSteps = 100

const isExpected = (status: number, expect: readonly number[] | undefined): boolean =>
  expect ? expect.includes(status) : status < 400

/** The one user of a journey: writes down each step. */
export class Traveller extends VirtualUser {
  readonly #session: Session
  readonly #steps: Step[] = []
  #isCounted = false

  constructor(session: Session, shared: UserSurroundings) {
    super(0, 0, {}, session, shared)
    this.#session = session
    const send = this.request
    this.request = (method, url, options) => this.#step(send, method, url, options)
  }

  get steps(): readonly JourneyStep[] {
    return this.#steps
  }

  /** What comes before is no part of the journey. */
  setOut(): void {
    this.#isCounted = true
  }

  arrive(): void {
    this.#isCounted = false
  }

  override check(name: string, holds: boolean): boolean {
    if (!holds) this.#current().problems.push(`${this.#session.prefix}${name} does not hold`)
    return holds
  }

  #current(): Step {
    const last = this.#steps.at(-1)
    if (last) return last
    const first: Step = { name: 'the beginning', problems: [] }
    this.#steps.push(first)
    return first
  }

  async #step(
    send: VirtualUser['request'],
    method: string,
    url: string,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const path = url.startsWith('/') ? url : (URL.parse(url)?.pathname ?? url)
    const step: Step = {
      name: this.#session.prefix + (options.name ?? `${method} ${plainPath(path)}`),
      problems: [],
    }
    if (this.#isCounted && this.#steps.length < mostSteps) this.#steps.push(step)
    const begun = performance.now()
    try {
      const answer = await send(method, url, options)
      if (!isExpected(answer.status, options.expect)) step.problems.push(`answered ${answer.status}`)
      return answer
    } catch (error) {
      if (error instanceof RequestFailed) step.problems.push(`has no answer: ${error.message}`)
      throw error
    } finally {
      step.durationMs = performance.now() - begun
    }
  }
}
