/** Gates that are configured, each with a name of its own in its environment; times in milliseconds. */
export type FreezeSettings = {
  readonly kind: 'freeze'
  readonly name: string
  readonly timeZone: string
  readonly windows: readonly FrozenWindow[]
  readonly exempt: 'fixes' | 'nothing'
}
export type FrozenWindow = string | { readonly when: string; readonly reason: string }

export type SignOffSettings = {
  readonly kind: 'signOff'
  readonly name: string
  /** Names of tokens; anybody's when not given. */
  readonly by?: readonly string[] | undefined
  readonly count: number
  /** A sign-off counts for so long. */
  readonly expires: number
  /** So long it is waited for. */
  readonly within: number
  /** Whoever pushed the change, or wrote it, does not count. */
  readonly notAuthor: boolean
}

export type SoakSettings = { readonly kind: 'soak'; readonly name: string; readonly for: number }

export type OwnGateSettings = FreezeSettings | SignOffSettings | SoakSettings

/** A gate that needs no configuration, by its name, or one that has some. */
export type GateSettings = string | OwnGateSettings

/** The name by which a gate is shown and waived. */
export const gateName = (gate: GateSettings): string => (typeof gate === 'string' ? gate : gate.name)
