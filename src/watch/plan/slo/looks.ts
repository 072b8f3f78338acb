import { blindSlo } from '../alerts/firing.ts'
import type { Burning } from '../alerts/state.ts'

/** What a look at one SLO found; without `burning`, nothing could be said of it. */
export type SloLook = { readonly slo: string; readonly burning?: readonly Burning[] }

const isSame = (a: Burning, b: Burning): boolean =>
  a.slo === b.slo && a.window === b.window && a.severity === b.severity

/** Whether something burns that did not, or does no more. */
export const isNews = (now: readonly Burning[], known: readonly Burning[]): boolean =>
  now.length !== known.length || now.some((one) => !known.some((old) => isSame(one, old)))

/**
 * What whoever tells of alerts hears of an environment; undefined: nothing. Of what nothing can be said, it is as it was,
 * and that alone is not worth saying: who hears nothing for too long is told so.
 * @param known what burns there as far as was heard
 */
export function heardOf(
  looks: readonly SloLook[],
  known: readonly Burning[],
): readonly Burning[] | undefined {
  const unknown = new Set(looks.filter(({ burning }) => burning === undefined).map(({ slo }) => slo))
  const seen = looks.flatMap(({ burning = [] }) => burning)
  if (unknown.size === 0) return seen
  const all = [...seen, ...known.filter(({ slo }) => unknown.has(slo) || slo === blindSlo)]
  return isNews(all, known) ? all : undefined
}
