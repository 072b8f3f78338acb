import type { Digest } from './ids.ts'
import type { Json } from './json.ts'
import type { Instant } from './time.ts'

/** What is known of a release. Named by the digest of its content; never changed, never deleted. */
export type Evidence = {
  readonly id: Digest
  /** What it tells: `tests`, `provenance`, `deployment`, later `loadLine`, `signOff`, … */
  readonly kind: string
  readonly at: Instant
  readonly about: { readonly release: Digest; readonly environment?: string; readonly against?: Digest }
  readonly body: Json
}

/** Evidence before it has a name. */
export type EvidenceDraft = Omit<Evidence, 'id'>
