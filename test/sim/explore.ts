import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import type { CrashPoint, Life } from './crash.ts'
import type { Stage } from './stage.ts'

/** A story of the simulator: what is asked of Plimsoll, when it is over, and what must hold then. */
export type Tale = {
  readonly name: string
  readonly stage: () => Stage
  /** What has happened before, in a life that does not crash: other tales tell of that. */
  readonly before?: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  /** How long nobody lives after a crash. */
  readonly awayMs?: number
  /** What people ask. Called in each life until it has returned once: whoever gets no answer asks again. */
  readonly ask: (plimsoll: Plimsoll, stage: Stage) => Promise<void>
  readonly over: (stage: Stage) => boolean
  /** Throws when an invariant is broken. */
  readonly check: (stage: Stage) => Promise<void>
  /** Refreshes what `over` looks at; called whenever time stands still. */
  readonly look: (stage: Stage) => Promise<void>
  /** Of virtual time; half an hour when not given. */
  readonly limitMs?: number
  /** How often it is looked whether it is over; a quarter of a second when not given. */
  readonly lookEveryMs?: number
}

const limitMs = 30 * 60_000

/** Plays a tale in which Plimsoll crashes at one point, is started again, and must finish. */
export async function play(
  tale: Tale,
  crash: CrashPoint,
): Promise<Pick<Life, 'calls' | 'followedAtOnce'> & { readonly stage: Stage }> {
  const stage = tale.stage()
  if (tale.before) await tellBefore(tale.before, stage)
  let answered = false
  const begin = (point: CrashPoint) => {
    const { life, plimsoll } = stage.live(point)
    void plimsoll.then(async (alive) => {
      if (answered) return
      await tale.ask(alive, stage)
      answered = true
      life.answered()
    })
    return life
  }
  const first = begin(crash)
  const limit = stage.clock.now() + (tale.limitMs ?? limitMs) + (tale.awayMs ?? 0)
  let returns = false
  let seenOver = false
  const done = () => {
    first.timeStops()
    stage.gateways.noteAll()
    if (first.dead && !returns) {
      returns = true
      if (tale.awayMs === undefined) begin(undefined)
      else {
        looking.stop()
        stage.clock.at(stage.clock.now() + tale.awayMs, () => {
          looking = lookOften()
          begin(undefined)
        })
      }
    }
    return seenOver && answered
  }
  const lookOften = () =>
    setIntervalOn(stage, tale.lookEveryMs ?? 250, async () => {
      await tale.look(stage)
      seenOver = tale.over(stage)
    })
  let looking = lookOften()
  const how = await stage.clock.runUntil(done, limit)
  looking.stop()
  if (how !== 'done')
    throw new Error(
      `${tale.name}: ${how === 'late' ? 'not over in time' : 'stuck'} (crash ${JSON.stringify(crash)}); troubles: ${stage.troubles.slice(-3).join('; ')}`,
    )
  await tale.check(stage)
  return { calls: first.calls, followedAtOnce: first.followedAtOnce, stage }
}

/** A whole life that ends in order. */
async function tellBefore(before: NonNullable<Tale['before']>, stage: Stage): Promise<void> {
  let over = false
  const told = stage.live(undefined).plimsoll.then(async (alive) => {
    await before(alive, stage)
    await alive.stop()
    over = true
  })
  const how = await stage.clock.runUntil(() => over, stage.clock.now() + limitMs)
  if (how !== 'done') throw new Error(`what was before is ${how}; troubles: ${stage.troubles.join('; ')}`)
  await told
}

/** Looks at the world every so often of virtual time, from outside of any life. */
function setIntervalOn(stage: Stage, everyMs: number, look: () => Promise<void>): { stop(): void } {
  let going = true
  const again = () => {
    if (!going) return
    void look()
    stage.clock.at(stage.clock.now() + everyMs, again)
  }
  again()
  return {
    stop: () => {
      going = false
    },
  }
}

export type Coverage = { readonly points: number; readonly names: Readonly<Record<string, number>> }

/**
 * Crashes before and after every call that the first life makes, one at a time. A crash after a call that the next one
 * followed at once is the crash before that next one: it is played once.
 */
export async function exploreCrashes(tale: Tale): Promise<Coverage> {
  const { calls, followedAtOnce } = await play(tale, undefined)
  for (let call = 0; call < calls.length; call++) {
    for (const when of ['before', 'after'] as const) {
      if (when === 'after' && followedAtOnce.has(call)) continue
      try {
        await play(tale, { call, when })
      } catch (error) {
        throw new Error(
          `${tale.name}, crashed ${when} call ${call} (${calls[call]}): ${(error as Error).message}`,
          { cause: error },
        )
      }
    }
  }
  const names: Record<string, number> = {}
  for (const name of calls) names[name] = (names[name] ?? 0) + 2
  return { points: calls.length * 2, names }
}
