import type { Instant } from '../../kernel/index.ts'

/** A chunk has what a series said in so long. */
export const slotMs = 2 * 3_600_000
export const slotsPerDay = 12
/** What a roll-up sums up. */
export const minutesMs = 5 * 60_000
export const hourMs = 3_600_000

/** Two hours, numbered since 1970: after (slot − 1) · 2 h and until slot · 2 h, as windows are. */
export const slotOf = (at: Instant): number => Math.ceil(at / slotMs)
export const slotBegin = (slot: number): Instant => (slot - 1) * slotMs
export const slotEnd = (slot: number): Instant => slot * slotMs
export const dayOf = (slot: number): number => Math.floor((slot - 1) / slotsPerDay)
export const firstSlotOf = (day: number): number => day * slotsPerDay + 1

/** `2026-11-28`, in UTC. */
export const dayName = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
