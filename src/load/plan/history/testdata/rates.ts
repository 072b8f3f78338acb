import type { History } from '../finding.ts'
import { historyOf } from '../history.ts'
import type { Step } from '../step.ts'
import { type Service, simulatedSteps } from './histories.ts'

/** Histories of each kind; more are an acceptance. */
export const simulations = Math.max(500, Number(process.env.PLIMSOLL_SIMULATIONS ?? 500))

/** So far a rate may lie from its bound by chance alone (three standard errors). */
export const chance = (bound: number): number => 3 * Math.sqrt((bound * (1 - bound)) / simulations)

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

type Is = (found: History) => boolean

/** How often histories are such and such, printed and as shares. */
export function ratesOf<Name extends string>(
  title: string,
  stepsOf: (seed: number) => readonly Step[],
  kinds: Readonly<Record<Name, Is>>,
): Readonly<Record<Name, number>> {
  const all = Array.from({ length: simulations }, (_, i) => historyOf(stepsOf(1_000 + i), { seed: i }))
  const rates = Object.entries<Is>(kinds).map(
    ([name, is]) => [name, all.filter(is).length / all.length] as const,
  )
  const shares = rates.map(([name, rate]) => `${name} ${percent(rate)}`)
  console.log(`${title} (${simulations} simulated): ${shares.join(', ')}`)
  return Object.fromEntries(rates) as Record<Name, number>
}

export const ofService =
  (service: Service) =>
  (seed: number): readonly Step[] =>
    simulatedSteps(service, seed)

export const hasShift: Is = ({ shifts }) => shifts.length > 0
export const hasLoss: Is = ({ drift }) => drift !== null && drift.ratio < 0
export const hasGain: Is = ({ drift }) => drift !== null && drift.ratio > 0
export const hasAny: Is = (found) => hasShift(found) || found.drift !== null
