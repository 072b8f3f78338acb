import type { Scenario } from '../scenario.ts'

/** One of the scenarios, by their weights. */
export function chooser(scenarios: readonly Scenario[], random: () => number): () => Scenario {
  let whole = 0
  const below = scenarios.map((one) => {
    whole += one.weight
    return { one, limit: whole }
  })
  const last = scenarios.at(-1) as Scenario
  return () => {
    const at = random() * whole
    return below.find(({ limit }) => at < limit)?.one ?? last
  }
}
