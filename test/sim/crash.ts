import type { Instant } from '../../src/kernel/index.ts'

/** One life of a process: it makes calls through interfaces, and may die before or after any of them. */
export type Life = {
  /** Wraps an object so that each of its methods counts as a call that the process can die at. */
  wrap<T extends object>(name: string, object: T): T
  /** Calls so far, by name: `journal.commit`. */
  readonly calls: readonly string[]
  /**
   * Calls after which the next one followed at once: nothing else was going to change anything, and nobody waited for time.
   * The world is the same whether the process dies after such a call or before the next.
   */
  readonly followedAtOnce: ReadonlySet<number>
  /** Time may pass: what comes now does not follow at once. */
  timeStops(): void
  /** Whoever asked has the answer, and will not ask again: it matters when, among the calls since time stopped last. */
  answered(): void
  readonly dead: boolean
}

export type CrashPoint = { readonly call: number; readonly when: 'before' | 'after' } | undefined

/** Calls that only look. Dying at one is the same as dying before the next call that changes something. */
const looks = new Set([
  'read',
  'keys',
  'inspect',
  'list',
  'pending',
  'withPending',
  'newest',
  'events',
  'note',
  'notes',
  'find',
  'running',
  'observe',
  'probe',
  'scrape',
  'readyFile',
  'isReady',
  'freePorts',
  'folderOf',
  'lacks',
  'runs',
  'containersOf',
  'containerSize',
  'limits',
  'machine',
  'get',
  'about',
  'has',
  'open',
  'progress',
  'exists',
  'variables',
  'foldersOf',
])

const never = <T>(): Promise<T> => new Promise(() => {})

/** A process that dies at the given call: from then on nothing that it asked for comes back, and nothing it does is done. */
export function beginLife(crash: CrashPoint): Life {
  const calls: string[] = []
  const followedAtOnce = new Set<number>()
  /** The newest call, when it is over and nothing has happened since. */
  let justOver: number | undefined
  /** The first call since time stopped last. */
  let firstSince = 0
  let dead = false
  const breakOff = () => {
    justOver = undefined
  }
  const due = (when: 'before' | 'after', call: number) => crash?.when === when && crash.call === call

  async function pass(name: string, go: () => unknown): Promise<unknown> {
    if (dead) return never()
    const call = calls.push(name) - 1
    if (call > 0 && justOver === call - 1) followedAtOnce.add(call - 1)
    if (due('before', call)) {
      dead = true
      return never()
    }
    const result = await go()
    if (due('after', call)) dead = true
    if (call === calls.length - 1) justOver = call
    return dead ? never() : result
  }

  return {
    calls,
    followedAtOnce,
    timeStops() {
      breakOff()
      firstSince = calls.length
    },
    answered() {
      breakOff()
      for (let call = firstSince - 1; call < calls.length; call++) followedAtOnce.delete(call)
    },
    get dead() {
      return dead
    },
    wrap(name, object) {
      // A method is wrapped once: stories look at the world again and again.
      const wrapped = new Map<PropertyKey, unknown>()
      return new Proxy(object, {
        get(target, property, receiver) {
          if (wrapped.has(property)) return wrapped.get(property)
          const member = Reflect.get(target, property, receiver)
          if (typeof member !== 'function') return member
          const method = wrapOne(`${name}.${String(property)}`, property, member.bind(target))
          wrapped.set(property, method)
          return method
        },
      })
    },
  }

  function wrapOne(name: string, property: PropertyKey, call: (...args: unknown[]) => unknown): unknown {
    if (property === 'now' || property === 'elapsedMs') return call
    // Listeners of a dead process hear nothing.
    if (property === 'watch')
      return (hear: (heard: unknown) => void) => call((heard: unknown) => dead || hear(heard))
    if (looks.has(String(property))) return (...args: unknown[]) => pauseOf(call, args)
    if (property === 'until') return (when: Instant, signal?: AbortSignal) => waitOf(call, when, signal)
    return (...args: unknown[]) => pass(name, () => call(...args))
  }

  /** Time stops once more at its end, and no more when it is given up: whoever comes next may begin at another time. */
  function waitOf(call: (...args: unknown[]) => unknown, when: Instant, signal?: AbortSignal) {
    breakOff()
    if (!signal) return pauseOf(call, [when])
    const given = new AbortController()
    const giveUp = () => {
      // Who is dead gives nothing up.
      if (dead) return
      breakOff()
      given.abort(signal.reason)
    }
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
    return pauseOf(call, [when, given.signal])
  }

  /** Waiting and looking are no calls to die at, but a dead process does neither. */
  async function pauseOf(call: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> {
    if (dead) return never()
    const result = await call(...args)
    return dead ? never() : result
  }
}
