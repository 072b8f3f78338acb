import { count, noPair, type Pair, type Stage } from './stage.ts'

/**
 * The old instances go before the new ones come: never two versions at once. For workers, of whom nobody waits for an
 * answer meanwhile.
 */
export function planSuccession(from: number, to: number, bakeMs: number): Stage[] {
  const sizes: Pair = { from: 0, to }
  const at = { sizes, serving: noPair }
  const start: Stage = { do: 'fleets', title: `start ${count(to, 'new instance')}`, ...at }
  return [
    ...(from > 0
      ? [{ do: 'fleets', title: 'stop the old instances', sizes: noPair, serving: noPair } as const]
      : []),
    start,
    ...(bakeMs > 0 ? [{ do: 'bake', title: 'watch the new instances alone', ...at } as const] : []),
  ]
}

/** The way back, in the same order. */
export function planRecession(full: number): Stage[] {
  const back: Stage = {
    do: 'fleets',
    title: 'start the old instances again',
    sizes: { from: full, to: 0 },
    serving: noPair,
  }
  return [
    { do: 'fleets', title: 'stop the new instances', sizes: noPair, serving: noPair },
    ...(full > 0 ? [back] : []),
  ]
}
