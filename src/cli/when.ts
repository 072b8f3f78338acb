import { formatDuration, type Instant } from '../kernel/index.ts'

/** "3 m 05 s ago", for people who look at a list. */
export const ago = (at: Instant, now: Instant): string => `${formatDuration(Math.max(0, now - at))} ago`
