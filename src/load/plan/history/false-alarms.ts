/** The chance that anything at all is found in a history in which nothing changed. */
export const falseAlarm = 0.05

/**
 * How the kinds of finding share that chance. A loss by little steps has most of it: it is what a gate with a
 * margin cannot see, and the hardest to tell. A single step that matters stands out anyway.
 */
export const shares = { shift: 0.3, loss: 0.6, gain: 0.1 } as const

/** The p of one kind of finding, raised so that all kinds may be held against `falseAlarm` together. */
export const correctedFor = (kind: keyof typeof shares, p: number): number => Math.min(1, p / shares[kind])
