import type { Answer, Feeder, RequestOptions, User } from '../scenario.ts'
import type { Session } from './session.ts'
import type { Tally } from './tally.ts'

/** What all users of a worker share. */
export type UserSurroundings = {
  readonly tally: Tally
  readonly take: <T>(feeder: Feeder<T>) => T
  readonly random: () => number
  readonly data: unknown
  /** Throws when the load is over. */
  readonly stillOn: () => void
  /** False during the warm-up: nothing is counted. */
  readonly isMeasured: () => boolean
}

/** One user, at one iteration of its scenario. */
export class VirtualUser implements User {
  readonly number: number
  readonly iteration: number
  readonly state: Record<string, unknown>
  readonly #session: Session
  readonly #shared: UserSurroundings

  constructor(
    number: number,
    iteration: number,
    state: Record<string, unknown>,
    session: Session,
    shared: UserSurroundings,
  ) {
    this.number = number
    this.iteration = iteration
    this.state = state
    this.#session = session
    this.#shared = shared
  }

  get data(): unknown {
    return this.#shared.data
  }

  request = (method: string, url: string, options?: RequestOptions): Promise<Answer> => {
    this.#shared.stillOn()
    return this.#session.request(method, url, options)
  }
  get = (url: string, options?: RequestOptions): Promise<Answer> => this.request('GET', url, options)
  delete = (url: string, options?: RequestOptions): Promise<Answer> => this.request('DELETE', url, options)
  post = (url: string, body?: unknown, options?: RequestOptions): Promise<Answer> =>
    this.request('POST', url, { ...options, body: body ?? options?.body })
  put = (url: string, body?: unknown, options?: RequestOptions): Promise<Answer> =>
    this.request('PUT', url, { ...options, body: body ?? options?.body })
  patch = (url: string, body?: unknown, options?: RequestOptions): Promise<Answer> =>
    this.request('PATCH', url, { ...options, body: body ?? options?.body })

  check(name: string, holds: boolean): boolean {
    const { tally, isMeasured } = this.#shared
    if (isMeasured()) tally.check(this.#session.prefix + name, holds)
    return holds
  }

  async group<T>(name: string, within: () => Promise<T>): Promise<T> {
    const outer = this.#session.prefix
    this.#session.prefix = `${outer}${name} › `
    try {
      return await within()
    } finally {
      this.#session.prefix = outer
    }
  }

  async think(fromMs: number, toMs = fromMs): Promise<void> {
    const durationMs = fromMs + (toMs - fromMs) * this.random()
    await new Promise((resolve) => setTimeout(resolve, durationMs))
    this.#shared.stillOn()
  }

  take<T>(feeder: Feeder<T>): T {
    return this.#shared.take(feeder)
  }

  random(): number {
    return this.#shared.random()
  }
}
