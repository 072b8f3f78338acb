/** `everything`: instances and gateways too. `server`: they go on serving, for an upgrade. */
export type StopKind = 'everything' | 'server'

/** What was asked for so far. It may be asked for more later, never for less. */
export interface StopOrder {
  readonly wanted: StopKind | undefined
  give(kind: StopKind): void
  /** Called each time that it becomes more. */
  watch(listener: (kind: StopKind) => void): void
  /** Resolves when anything is asked for. */
  readonly given: Promise<void>
}

export function createStopOrder(): StopOrder {
  const listeners = new Set<(kind: StopKind) => void>()
  let wanted: StopKind | undefined
  const { promise: given, resolve } = Promise.withResolvers<void>()
  return {
    get wanted() {
      return wanted
    },
    given,
    give(kind) {
      if (wanted === kind || wanted === 'everything') return
      wanted = kind
      for (const listener of listeners) listener(kind)
      resolve()
    },
    watch: (listener) => void listeners.add(listener),
  }
}
