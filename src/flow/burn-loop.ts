import { laneId } from '../deploy/index.ts'
import type { Instant } from '../kernel/index.ts'
import { lookAtEnvironment, type ToldPlace, toldPlacesIn } from './burn-watch.ts'
import { allTold } from './futures.ts'
import { alertsRef } from './records.ts'
import type { Runner } from './runner.ts'
import type { ServiceState } from './service.ts'
import type { World } from './world.ts'

/** How often it is seen what services promise. */
const lookAroundMs = 5_000

/** What is to be looked at now, and when something is next. */
export function planLooks(
  all: readonly ToldPlace[],
  last: ReadonlyMap<string, Instant>,
  now: Instant,
): { readonly due: readonly ToldPlace[]; readonly next: Instant } {
  const dueAt = ({ service, environment, intervalMs }: ToldPlace): Instant => {
    const before = last.get(laneId(service, environment))
    // A clock that was set back keeps nobody waiting.
    return before === undefined || before > now ? now : before + intervalMs
  }
  return {
    due: all.filter((one) => dueAt(one) <= now),
    next: Math.min(
      now + lookAroundMs,
      ...all.map((one) => (dueAt(one) <= now ? now + one.intervalMs : dueAt(one))),
    ),
  }
}

type Deps = {
  readonly world: World
  readonly runner: Runner
  /** Told of each look that failed, and of what. */
  readonly onTrouble: (what: string, error: unknown) => void
}

/**
 * Judges again and again what services promise. Whatever is slow or fails holds up no other: its next look waits for it,
 * and the dead-man's switch of the alerts sees that nothing is heard.
 */
export function startBurnLoop({ world, runner, onTrouble }: Deps): { stop(): Promise<void> } {
  const { clock, journal } = world
  const stopped = new AbortController()
  const last = new Map<string, Instant>()
  const under = new Map<string, Promise<void>>()
  let services = new Set<string>()

  async function promises(): Promise<readonly ToldPlace[]> {
    const states = await journal.list({ kind: 'service' })
    const all = toldPlacesIn(
      states.map(({ state }) => state as unknown as ServiceState),
      await allTold(world),
    )
    const now = new Set(all.map(({ service }) => service))
    // What was promised and is no more: its alerts are over.
    for (const gone of services) if (!now.has(gone)) runner.wake(alertsRef(gone))
    services = now
    return all
  }
  function begin(place: ToldPlace, at: Instant): void {
    const id = laneId(place.service, place.environment)
    last.set(id, at)
    if (under.has(id)) return
    const trouble = (error: unknown) => onTrouble(id, error)
    under.set(
      id,
      lookAtEnvironment(world, runner, place, trouble)
        .catch(trouble)
        .finally(() => under.delete(id)),
    )
  }
  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      const now = clock.now()
      const all = await promises().catch((error) => {
        onTrouble('what is promised', error)
        return []
      })
      const { due, next } = planLooks(all, last, now)
      for (const one of due) begin(one, now)
      await clock.until(next, stopped.signal)
    }
  }
  const running = loop()
  return {
    async stop() {
      stopped.abort()
      await running
      // A Prometheus that does not answer is not waited for; nor can it be told any more what it said.
      await Promise.race([Promise.all(under.values()), clock.until(clock.now() + 2_000)])
    },
  }
}
