import type { Effect, Fence, Happening, Instant, Json, Key, Ref } from '../kernel/index.ts'

/** Who holds a lease: a process, by a name that no other process has. */
export type Owner = string

/** The right to change one record, until it expires or is taken away; `fence` tells old holders from new. */
export type Lease = {
  readonly of: Ref
  readonly owner: Owner
  readonly until: Instant
  readonly fence: Fence
}
export type Held = { readonly heldBy: Owner; readonly until: Instant }

/** How many times a record has changed; 0 before it exists. */
export type Version = number
/** Position in the list of all events; 0 is before the first. */
export type Cursor = number

export type StoredRecord = {
  readonly of: Ref
  readonly version: Version
  readonly state: Json
  readonly ended: boolean
  readonly createdAt: Instant
  readonly changedAt: Instant
}

export type StoredEvent = Happening & { readonly seq: Cursor; readonly of: Ref; readonly at: Instant }
export type PendingEffect = Effect & { readonly of: Ref; readonly seq: number }

/** One step of one record: state, events, effects and what was done of the earlier effects, all or nothing. */
export type Transition = {
  readonly of: Ref
  readonly from: Version
  readonly state: Json
  readonly events: readonly Happening[]
  readonly effects: readonly Effect[]
  /** Keys of earlier effects of this record that have been done. */
  readonly done: readonly Key[]
  readonly ended: boolean
  readonly at: Instant
}

/** Which records: of one kind; open, ended or both; newest first. */
export type RecordQuery = {
  readonly kind: string
  readonly ended?: boolean
  readonly limit?: number
}

/**
 * What Plimsoll knows, durably. An answer means that it is on disk (power may fail right after).
 * Takes data, never callbacks; the same for SQLite, PostgreSQL and memory, shown by one conformance suite.
 */
export interface Journal {
  /** Makes a record of version 1 with its events and effects; `exists` (and nothing written) when it is there. */
  create(t: Omit<Transition, 'from' | 'done'>): Promise<'created' | 'exists'>
  read(of: Ref): Promise<StoredRecord | undefined>
  list(query: RecordQuery): Promise<StoredRecord[]>

  /** Takes or renews the lease of a record that exists. The fence grows when the owner changes. */
  claim(of: Ref, owner: Owner, ttlMs: number, now: Instant): Promise<Lease | Held>
  release(lease: Lease): Promise<void>
  /**
   * `stale` (and nothing written) when the version or the fence is not the current one. A lease that has expired
   * still holds until somebody else takes it, or its owner gives it back.
   */
  commit(t: Transition, lease: Lease): Promise<'done' | 'stale'>

  /** Effects not yet marked done, in the order in which they were decided. */
  pending(of: Ref): Promise<PendingEffect[]>
  /** Records, ended ones too, that have effects not yet marked done. */
  withPending(): Promise<Ref[]>
  /** Marks effects done without a change of state; need not be durable (doing them again is harmless). */
  settle(of: Ref, done: readonly Key[]): Promise<void>

  /** Position of the newest event; 0 when there is none. */
  newest(): Promise<Cursor>
  /** Events after the cursor, oldest first; of one record when `of` is given. */
  events(after: Cursor, limit: number, of?: Ref): Promise<StoredEvent[]>
  /**
   * Calls `listener` after each durable change with events, with a cursor up to which there is something to read.
   * What it throws is reported as uncaught and changes no answer. Returns the way to stop.
   */
  watch(listener: (newest: Cursor) => void): () => void
  /** Reads and writes small values that are nobody's story: cursors of reactors, tokens, refs last seen. */
  note(key: string): Promise<Json | undefined>
  setNote(key: string, value: Json): Promise<void>
  notes(prefix: string): Promise<{ key: string; value: Json }[]>
}
