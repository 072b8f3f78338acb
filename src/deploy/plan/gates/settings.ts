/** Gates that are configured, each with a name of its own in its environment; times in milliseconds. */
export type FreezeSettings = {
  readonly kind: 'freeze'
  readonly name: string
  readonly timeZone: string
  /** Those of the calendar, too. */
  readonly windows: readonly FrozenWindow[]
  /** The file that some of them were read from. */
  readonly calendar?: string | undefined
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

/** A command of the team's: 0 is a yes, 1 a no, anything else says nothing. */
export type CommandGateSettings = {
  readonly kind: 'command'
  readonly name: string
  readonly run: string
  readonly timeout: number
  readonly env: Readonly<Record<string, string | { readonly secret: string }>>
  /** Its answer counts for so long. */
  readonly expires: number
}

/** The team's policy for a budget that is nearly spent. */
export type ErrorBudgetSettings = {
  readonly kind: 'errorBudget'
  readonly name: string
  /** Share of each budget that must be left. */
  readonly below: number
  readonly allow: 'fixes' | 'nothing'
  /** What is known of the budgets counts for so long. */
  readonly expires: number
}

/** How much of the release's load line the busiest hour must leave. */
export type HeadroomSettings = {
  readonly kind: 'headroom'
  readonly name: string
  /** Share of the load line that must be left. */
  readonly below: number
  readonly allow: 'fixes' | 'nothing'
  /** Of so much of the last 28 days something must be known. */
  readonly history: number
  /** So far ahead the load line must not be crossed, with 80 %. */
  readonly ahead?: number | undefined
  /** What is known of the load counts for so long. */
  readonly expires: number
}

export type OwnGateSettings =
  | FreezeSettings
  | SignOffSettings
  | SoakSettings
  | CommandGateSettings
  | ErrorBudgetSettings
  | HeadroomSettings

/** A gate that needs no configuration, by its name, or one that has some. */
export type GateSettings = string | OwnGateSettings

/** The name by which a gate is shown and waived. */
export const gateName = (gate: GateSettings): string => (typeof gate === 'string' ? gate : gate.name)
