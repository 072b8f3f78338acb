import { laneId } from '../deploy/index.ts'
import type { Digest, GateQuestion, Json } from '../kernel/index.ts'
import { budgetOf, errorBudgetKind } from '../watch/index.ts'
import { promisesIn } from './burn-watch.ts'
import type { Getter } from './gates.ts'
import { readService } from './records.ts'
import type { World } from './world.ts'

const aboutOf = ({ live, release, service, environment }: GateQuestion) => ({
  release: (live ?? release) as Digest,
  environment: laneId(service, environment),
})

/** What is left of each budget of an environment now; of one that cannot be counted, nothing is known. */
async function budgetsIn(world: World, { service, environment }: GateQuestion): Promise<Json> {
  const state = await readService(world.journal, service)
  const promises = state ? promisesIn([state]) : []
  const here = promises.find((one) => one.environment === environment)
  const slos = (here?.slos ?? []).map(async (slo) => {
    const { name, objective, window } = slo
    const promised = { service, environment, slo, prometheus: here?.prometheus }
    const counts = await world.budgets.countsOf(promised, world.clock.now(), true).catch(() => undefined)
    const budget = counts && budgetOf(slo, counts)
    // Where nothing happened, nothing was spent.
    const isIdle = counts !== undefined && counts(window).coverage > 0
    const left = budget?.left ?? (isIdle ? 1 : undefined)
    return {
      ...{ name, objective, window },
      ...(left === undefined ? {} : { left }),
      ...(budget ? { burnNow: budget.burnNow } : {}),
    }
  })
  return { slos: await Promise.all(slos) }
}

/** The gate `errorBudget` looks at what is left of the environment's budgets, counted when it is asked. */
export const errorBudgetGetter: Getter = {
  async ask(world, _runner, question) {
    const body = await budgetsIn(world, question)
    await world.evidence.put({ kind: errorBudgetKind, at: world.clock.now(), about: aboutOf(question), body })
  },
  async evidence(world, question) {
    const { release, environment } = aboutOf(question)
    const known = await world.evidence.about(release, [errorBudgetKind])
    return known.filter(({ about }) => about.environment === environment)
  },
}
