import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

type Points = Readonly<Record<string, readonly string[]>>

/** Calls that change something, by part of the world: the points at which a real server can be made to die. */
export const storePoints = {
  journal: ['create', 'claim', 'commit', 'settle', 'setNote'],
  evidence: ['put'],
  blobs: ['put'],
} as const satisfies Points

export const enginePoints = {
  engine: ['create', 'start', 'stop', 'remove', 'build'],
} as const satisfies Points

export const worldPoints = {
  commands: ['start', 'cancel'],
  work: ['start'],
  comparisons: ['start'],
  loadTests: ['start', 'cancel', 'tidy', 'drop'],
  gateways: ['apply', 'remove'],
  instances: ['unpack'],
  spikes: ['make', 'remove'],
  posts: ['start'],
} as const satisfies Points

/** Passed where somebody collects traces. */
export const tracePoints = { traces: ['send'] } as const satisfies Points

type Call = (...args: unknown[]) => unknown

/** Dies as if the machine had taken the process away: no handler runs, nothing is flushed. */
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('dying')
}

/** `commands.start:after:3`: after the third call. Behind it, one a line, those of the servers that come after. */
function parse(text: string): { name: string; when: string; nth: number; others: string } {
  const [first = '', ...others] = text.trim().split('\n')
  const [name = '', when = '', nth = '1'] = first.split(':')
  return { name, when, nth: Number(nth), others: others.join('\n') }
}

function crashing<T extends object>(part: string, object: T, methods: readonly string[], file: string): T {
  const { name, when, nth, others } = parse(readFileSync(file, 'utf8'))
  let calls = 0
  const reached = (at: string, call: number) => {
    if (at !== when || call !== nth) return
    // Once: the next server lives, or has a point of its own.
    if (others === '') rmSync(file, { force: true })
    else writeFileSync(file, others)
    die()
  }
  const wrap =
    (call: Call): Call =>
    async (...args) => {
      // Others may begin before it ends.
      const own = ++calls
      reached('before', own)
      const result = await call(...args)
      reached('after', own)
      return result
    }
  return new Proxy(object, {
    get(target, property) {
      const member = Reflect.get(target, property)
      if (typeof member !== 'function') return member
      const call = member.bind(target) as Call
      return methods.includes(String(property)) && name === `${part}.${String(property)}` ? wrap(call) : call
    },
  })
}

/**
 * For crash tests: when the file that `PLIMSOLL_CRASH_FILE` names is there at the start, the server kills itself at the
 * first point that it names, and takes that out of the file before. Without the variable everything stays as it is. The
 * store is given its points before the world is made of it: what the world does inside with its blobs passes them, too.
 */
export function withCrashPoint<W extends object>(whole: W, points: Points, file: string | undefined): W {
  if (!file || !existsSync(file)) return whole
  const there = Object.entries(points).filter(([part]) => Reflect.get(whole, part) !== undefined)
  const wrapped = there.map(([part, methods]) => [
    part,
    crashing(part, Reflect.get(whole, part) as object, methods, file),
  ])
  return { ...whole, ...Object.fromEntries(wrapped) }
}
