/** Names one thing that has a life of its own in the journal: a run, a deployment, a fleet, an environment. */
export type Ref = { readonly kind: string; readonly id: string }

/** `run/01J…` — how a Ref is written in logs, keys and addresses. */
export const refText = (of: Ref): string => `${of.kind}/${of.id}`

/** Names one effect for good: doing it twice under the same key does it once. */
export type Key = string

/** A content address: `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`

/** Short form of a digest for people: its first twelve digits. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12)
