import { durationText } from '../../../series/index.ts'
import { burningText } from './burning.ts'
import { burnOf, type Objective, type WindowCounts } from './counts.ts'
import { chanceOfAtLeast } from './tail.ts'
import { alertWindows, neededBadShare } from './windows.ts'

/**
 * Whether a budget burns at this moment as fast as its most urgent alert would not let it for long: that alert's own short
 * window, floor and chance, without waiting for the long window. What a person would see who looks; it wakes nobody.
 * @returns a sentence; undefined when it does not
 */
export function burnsNow(name: string, slo: Objective, counts: WindowCounts): string | undefined {
  const [urgent] = alertWindows(slo.window)
  if (!urgent) return undefined
  const { bad, total } = counts(urgent.shortMs)
  const burn = burnOf({ bad, total }, slo)
  if (!(burn > urgent.burn) || bad < slo.lowTraffic.bad) return undefined
  if (chanceOfAtLeast(bad, total, neededBadShare(urgent, slo.objective)) >= slo.lowTraffic.chance)
    return undefined
  return burningText(name, burn, durationText(urgent.shortMs), urgent.burn)
}
