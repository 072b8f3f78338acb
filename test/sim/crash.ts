/** One life of a process: it makes calls through interfaces, and may die before or after any of them. */
export type Life = {
  /** Wraps an object so that each of its methods counts as a call that the process can die at. */
  wrap<T extends object>(name: string, object: T): T
  /** Calls so far, by name: `journal.commit`. */
  readonly calls: readonly string[]
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
  let dead = false
  const due = (when: 'before' | 'after', call: number) => crash?.when === when && crash.call === call

  async function pass(name: string, go: () => unknown): Promise<unknown> {
    if (dead) return never()
    const call = calls.push(name) - 1
    if (due('before', call)) {
      dead = true
      return never()
    }
    const result = await go()
    if (due('after', call)) dead = true
    return dead ? never() : result
  }

  return {
    calls,
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
    if (property === 'until' || looks.has(String(property)))
      return (...args: unknown[]) => pauseOf(call, args)
    return (...args: unknown[]) => pass(name, () => call(...args))
  }

  /** Waiting and looking are no calls to die at, but a dead process does neither. */
  async function pauseOf(call: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> {
    if (dead) return never()
    const result = await call(...args)
    return dead ? never() : result
  }
}
