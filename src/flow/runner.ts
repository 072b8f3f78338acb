import type { Json, Key, Ref } from '../kernel/index.ts'
import { PlimsollError, refText } from '../kernel/index.ts'
import type { Transition } from '../store/index.ts'
import { Driver, type DriverDeps } from './driver.ts'
import type { AnyStory } from './story.ts'

/** The one runner: it drives every open record of every kind, and finds them again after a crash. */
export interface Runner {
  /** Begins to drive all that is open in the journal. */
  start(): Promise<void>
  /** Makes a record when it is not there, and drives it. */
  create(
    of: Ref,
    state: Json,
    first?: Partial<Pick<Transition, 'events' | 'effects'>>,
  ): Promise<'created' | 'exists'>
  /** Hands a command to a record; resolves when it is durable, with false when nothing followed from it. */
  tell(of: Ref, command: unknown): Promise<boolean>
  /** Something that this record watches has changed. */
  wake(of: Ref): void
  /** Why a record waits, for people. */
  waitsFor(of: Ref): string | undefined
  stop(): Promise<void>
}

/** The record that a key belongs to: keys begin with their record's kind and id. */
export function ownerOfKey(key: Key): Ref | undefined {
  const [kind, id] = key.split('/')
  return kind && id ? { kind, id } : undefined
}

export function createRunner(deps: DriverDeps, stories: readonly AnyStory[]): Runner {
  const byKind = new Map(stories.map((story) => [story.machine.kind, story]))
  const driven = new Map<string, { driver: Driver; ended: Promise<void> }>()
  let stopped = false

  function drive(of: Ref): Driver {
    const name = refText(of)
    const known = driven.get(name)
    if (known && !known.driver.finished) return known.driver
    const story = byKind.get(of.kind)
    if (!story) throw new PlimsollError('PLM_INTERNAL', `no machine for records of kind ${of.kind}`)
    const driver = new Driver(deps, story, of)
    const ended = driver.run().finally(() => {
      if (driven.get(name)?.driver === driver) driven.delete(name)
    })
    driven.set(name, { driver, ended })
    return driver
  }

  return {
    async start() {
      for (const kind of byKind.keys()) {
        for (const record of await deps.journal.list({ kind, ended: false })) drive(record.of)
      }
      // What has ended may have left something to do.
      for (const of of await deps.journal.withPending()) drive(of)
    },
    async create(of, state, first = {}) {
      const made = await deps.journal.create({
        of,
        state,
        events: first.events ?? [],
        effects: first.effects ?? [],
        ended: false,
        at: deps.clock.now(),
      })
      if (!stopped) drive(of)
      return made
    },
    async tell(of, command) {
      if (stopped) throw new PlimsollError('PLM_STALE', 'the server is stopping')
      if (!(await deps.journal.read(of)))
        throw new PlimsollError('PLM_NOT_FOUND', `${refText(of)} is not known here`)
      return drive(of).tell(command)
    },
    wake(of) {
      driven.get(refText(of))?.driver.wake()
    },
    waitsFor: (of) => driven.get(refText(of))?.driver.because,
    async stop() {
      stopped = true
      const all = [...driven.values()]
      for (const { driver } of all) driver.stop()
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}
