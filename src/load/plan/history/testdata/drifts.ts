import type { History } from '../finding.ts'
import { losing, type Service } from './histories.ts'
import { hasLoss, hasShift, ofService, ratesOf } from './rates.ts'

/** A service of which releases from one place to before another carry 1 % less each. */
export type Slow = Omit<Service, 'truth'> & { readonly from: number; readonly end: number }

export const slowService = (slow: Slow): Service => ({ ...slow, truth: losing(0.01, slow.from, slow.end) })

const placeOf = (release: string): number => Number(release.slice(1))

/** Of all releases that belong to the drift found or to the true one, at least half belong to both. */
const isPlaced =
  ({ from, end }: Slow) =>
  ({ drift }: History): boolean => {
    if (!drift) return false
    const found = { from: placeOf(drift.first), end: placeOf(drift.last) + 1 }
    const both = Math.min(found.end, end) - Math.max(found.from, from)
    return both >= (Math.max(found.end, end) - Math.min(found.from, from)) / 2
  }

/** How often the drift of a slow service is found, and at its place. */
export const driftRates = (title: string, slow: Slow) =>
  ratesOf(`1 % less with each of ${slow.end - slow.from}, ${title}`, ofService(slowService(slow)), {
    found: hasLoss,
    placed: isPlaced(slow),
    shift: hasShift,
  })
