import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Json } from '../../kernel/index.ts'
import type { Lease } from '../journal.ts'
import type { Store } from '../store.ts'
import { Model } from './model.fixture.ts'
import { run, type Subject } from './subject.fixture.ts'

const ids = ['a', 'b', 'c']
const id = fc.constantFrom(...ids)
const owner = fc.constantFrom('one', 'two')
const key = fc.constantFrom('k1', 'k2', 'k3')
const happenings = fc.array(fc.record({ type: fc.constantFrom('x', 'y'), body: fc.jsonValue() }), {
  maxLength: 3,
})
const effects = fc.array(fc.record({ kind: fc.constant('do'), key, spec: fc.jsonValue() }), { maxLength: 3 })
const step = { state: fc.jsonValue(), events: happenings, effects, ended: fc.boolean() }

const command = fc.oneof(
  fc.record({ do: fc.constant('create' as const), id, ...step }),
  fc.record({ do: fc.constant('claim' as const), id, owner, ttlMs: fc.constantFrom(1, 5, 50) }),
  fc.record({ do: fc.constant('release' as const), lease: fc.nat() }),
  // Mostly from the version that is current when it is asked for, and with the newest lease.
  fc.record({
    do: fc.constant('commit' as const),
    id,
    behind: fc.constantFrom(0, 0, 0, 0, 1, -1),
    older: fc.constantFrom(0, 0, 0, 1, 2),
    done: fc.array(key, { maxLength: 2 }),
    ...step,
  }),
  fc.record({ do: fc.constant('settle' as const), id, done: fc.array(key, { maxLength: 2 }) }),
  fc.record({ do: fc.constant('note' as const), key, value: fc.jsonValue() }),
)
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never

/** JSON has one zero only. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

/** Does each command in the store and in the model. */
class Comparison {
  readonly model = new Model()
  readonly store: Store
  readonly #leases: Lease[] = []
  readonly #saw: (answer: string) => void
  #now = 0

  constructor(store: Store, saw: (answer: string) => void) {
    this.store = store
    this.#saw = saw
  }

  /** What the model says at once, and what the store will have to say. */
  do(command: Command): Promise<void> {
    this.#now += 1
    switch (command.do) {
      case 'create':
        return this.#create(command)
      case 'claim':
        return this.#claim(command)
      case 'release':
        return this.#release(command)
      case 'commit':
        return this.#commit(command)
      case 'settle':
        this.model.settle(command.id, command.done)
        return this.store.journal.settle(run(command.id), command.done)
      case 'note':
        this.model.notes.set(command.key, command.value as Json)
        return this.store.journal.setNote(command.key, command.value as Json)
    }
  }

  async #create({ id, state, events, effects, ended }: Command & { do: 'create' }): Promise<void> {
    const transition = { of: run(id), state, events, effects, ended, at: this.#now } as Parameters<
      Model['create']
    >[0]
    const expected = this.model.create(transition)
    this.#saw(expected)
    expect(await this.store.journal.create(transition)).toBe(expected)
  }

  async #claim({ id, owner, ttlMs }: Command & { do: 'claim' }): Promise<void> {
    if (!this.model.records.has(id)) return
    const now = this.#now
    const heldBy = this.model.heldBy(id, owner, now)
    const claimed = await this.store.journal.claim(run(id), owner, ttlMs, now)
    this.#saw('heldBy' in claimed ? 'held' : 'claimed')
    if ('heldBy' in claimed) return expect(claimed.heldBy).toBe(heldBy)
    expect(heldBy).toBeUndefined()
    expect(claimed).toMatchObject({ of: run(id), owner, until: now + ttlMs })
    expect(this.model.claimed(claimed)).toBe(true)
    this.#leases.push(claimed)
  }

  async #release({ lease }: Command & { do: 'release' }): Promise<void> {
    const given = this.#leases[lease % Math.max(1, this.#leases.length)]
    if (!given) return
    this.model.release(given)
    await this.store.journal.release(given)
  }

  async #commit(command: Command & { do: 'commit' }): Promise<void> {
    const lease = this.#leases.filter(({ of }) => of.id === command.id).at(-1 - command.older)
    if (!lease) return
    const { state, events, effects, ended, done } = command
    const from = (this.model.records.get(command.id)?.history.length ?? 0) - command.behind
    const transition = { of: run(command.id), from, state, events, effects, ended, done, at: this.#now }
    const expected = this.model.commit(transition as Parameters<Model['commit']>[0], lease)
    this.#saw(expected)
    expect(await this.store.journal.commit(transition as Parameters<Model['commit']>[0], lease)).toBe(
      expected,
    )
  }

  /** Everything that can be read is what the model knows. */
  async expectSame(store: Store): Promise<void> {
    const { journal } = store
    for (const id of ids) await this.#expectSameRecord(store, id)
    const events = (await journal.events(0, 10_000)).map(({ of, ...event }) => ({ ...event, id: of.id }))
    expect(events).toEqual(plain(this.model.events.map((event, i) => ({ ...event, seq: i + 1 }))))
    expect(await journal.newest()).toBe(this.model.events.length)
    const busy = [...this.model.records].filter(([, { pending }]) => pending.length > 0).map(([id]) => id)
    expect((await journal.withPending()).map(({ id }) => id).sort()).toEqual(busy.sort())
    const notes = [...this.model.notes]
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    expect(await journal.notes('k')).toEqual(plain(notes))
    const open = [...this.model.records].filter(([, { history }]) => !history.at(-1)?.ended).map(([id]) => id)
    expect((await journal.list({ kind: 'run', ended: false })).map(({ of }) => of.id)).toEqual(open.reverse())
  }

  async #expectSameRecord({ journal }: Store, id: string): Promise<void> {
    const kept = this.model.records.get(id)
    const last = kept?.history.at(-1)
    const expected = kept && {
      of: run(id),
      version: kept.history.length,
      state: plain(last?.state),
      ended: last?.ended,
      createdAt: kept.history[0]?.at,
      changedAt: last?.at,
    }
    expect(await journal.read(run(id))).toEqual(expected)
    expect((await journal.pending(run(id))).map(({ key }) => key)).toEqual(kept?.pending ?? [])
  }
}

/** Commands one after the other, or those that wait for no answer at once; the answers are as if one after the other. */
async function compare(
  subject: Subject,
  turns: readonly (readonly Command[])[],
  saw: (answer: string) => void,
) {
  const comparison = new Comparison(subject.store, saw)
  for (const turn of turns) {
    const [claims, rest] = [turn.filter((c) => c.do === 'claim'), turn.filter((c) => c.do !== 'claim')]
    for (const claim of claims) await comparison.do(claim)
    await Promise.all(rest.map((command) => comparison.do(command)))
  }
  await comparison.expectSame(subject.store)
  if (subject.reopen) await comparison.expectSame(await subject.reopen())
}

/** Whatever is asked for, in whatever order, a store answers as a plain model does. */
export function sequencesConform(open: () => Promise<Subject>, numRuns = 60): void {
  it('answers any sequence of commands as a plain model does', { timeout: 60_000 }, async () => {
    const seen = new Set<string>()
    const turns = fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(turns, async (turns) => {
        const subject = await open()
        try {
          await compare(subject, turns, (answer) => seen.add(answer))
        } finally {
          await subject.close()
        }
      }),
      // One seed, so that what was seen is seen each time.
      { numRuns, seed: 1876 },
    )
    // A comparison of sequences in which little happens would say little.
    expect([...seen].sort()).toEqual(['claimed', 'created', 'done', 'exists', 'held', 'stale'])
  })
}
