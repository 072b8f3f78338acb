import type { Digest, Found, InstanceSize, Instant, Key, Reason, Variables } from '../../../kernel/index.ts'
import type { ComparisonEvidence } from '../compare/evidence.ts'
import type { Round } from '../compare/round.ts'

/** How an instance of one side is started, as it was configured when its release was deployed or asked for. */
export type SideStart = {
  readonly command: string
  readonly portVariable: string
  readonly healthPath: string
  readonly readyWithinMs: number
  readonly graceMs: number
}

/** What a comparison is made by, fixed when it is asked for. */
export type CompareSettings = {
  readonly base: SideStart
  readonly change: SideStart
  readonly path: string
  readonly scenario?: string
  /** `p99<250ms` */
  readonly objective: string
  readonly env: Variables
  readonly prepare?: string
  readonly budgetMs: number
  readonly margin: number
  readonly besideProduction: boolean
  /** Of what size instances of either are in the environment; absent where nobody asks for one. */
  readonly sizes?: SizesCompared
}

/** Sizes that go with two releases. They are compared as processes, without limits: their figures are not of these sizes. */
export type SizesCompared = { readonly base: InstanceSize; readonly change: InstanceSize }

/** By what a comparison is made, or why there can be none. */
export type CompareHow =
  | { readonly is: 'possible'; readonly settings: CompareSettings }
  | { readonly is: 'impossible'; readonly reasons: readonly Reason[] }

/** Names of the two sides, for people. */
export type SideNames = { readonly base: string; readonly change: string }

/** What is started, by key. */
export type CompareStart = {
  readonly id: string
  readonly release: Digest
  readonly against: Digest
  readonly names: SideNames
  readonly settings: CompareSettings
}

/** How it ended: with a comparison, whatever its verdict, or why there is none. */
export type CompareEnd =
  | { readonly is: 'compared'; readonly evidence: ComparisonEvidence }
  | { readonly is: 'failed'; readonly reasons: readonly Reason[] }
  /** Told to stop by whoever stopped everything; it begins again. */
  | { readonly is: 'interrupted' }

/** How far one is. */
export type CompareProgress = { readonly rounds: readonly Round[]; readonly elapsedMs: number }

export type CompareStanding = 'waiting' | 'running' | 'passed' | 'failed' | 'inconclusive' | 'cancelled'

/** The journal's record of one comparison of two releases. */
export type CompareState = {
  readonly id: string
  readonly service: string
  /** The environment whose gate wants it. */
  readonly environment: string
  readonly release: Digest
  readonly against: Digest
  readonly names: SideNames
  readonly actor: string
  readonly how: CompareHow
  /** `keeping`: it has ended, and what it found is being put with the release's evidence. */
  readonly phase: 'waiting' | 'running' | 'keeping' | 'ended'
  readonly standing: CompareStanding
  /** How often it was started: once more when what ran it was lost. */
  readonly tries: number
  readonly text: string
  readonly reasons: readonly Reason[]
  readonly cancelledBy?: string
  readonly requestedAt: Instant
  readonly startedAt?: Instant
  readonly endedAt?: Instant
  /** What it found, as evidence. */
  readonly evidence?: Digest
}

/** What a comparison decides by. */
export type CompareSeen = {
  /** An older one that has not ended: two at once would measure each other. */
  readonly ahead?: string
  readonly found: Found<CompareEnd>
  /** The evidence of this comparison, once it is kept. */
  readonly kept?: Digest
}

export type CompareCommand = { readonly is: 'cancel'; readonly actor: string }

/** Key of one try: `comparison/ID/TRY`. */
export const compareKey = (id: string, attempt: number): Key => `comparison/${id}/${attempt}`

/** A comparison on its first day. */
export const newCompare = (
  asked: Pick<
    CompareState,
    'id' | 'service' | 'environment' | 'release' | 'against' | 'names' | 'actor' | 'how' | 'requestedAt'
  >,
): CompareState => ({
  ...asked,
  phase: 'waiting',
  standing: 'waiting',
  tries: 0,
  text: `waits to be compared with ${asked.names.base}`,
  reasons: [],
})
