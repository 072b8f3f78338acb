import { z } from 'zod'
import {
  type Evidence,
  formatDuration,
  type Gate,
  type GateQuestion,
  inconclusive,
  pass,
  type Reason,
  type Verdict,
} from '../kernel/index.ts'

/** The team's policy for a budget that is nearly spent; `expires` in milliseconds. */
export type BudgetPolicy = {
  /** With less than this share of any budget left, nothing new comes. */
  readonly below: number
  readonly allow: 'fixes' | 'nothing'
  /** What is known of the budgets counts for so long. */
  readonly expires: number
}

/** Kind of evidence: what was left of an environment's budgets. It is about the release that ran there. */
export const errorBudgetKind = 'errorBudget'

/** Its body. A budget of which nothing is known has no `left`. */
export const errorBudgetBody = z.object({
  slos: z.array(
    z.object({
      name: z.string(),
      objective: z.number(),
      /** Milliseconds. */
      window: z.number(),
      /** Share of the budget; negative when overspent. */
      left: z.number().optional(),
      /** Times as fast as evenly, over the last hour. */
      burnNow: z.number().optional(),
    }),
  ),
})

type BudgetSeen = z.output<typeof errorBudgetBody>['slos'][number]

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`

function reasonOf({ name, left = 0, burnNow }: BudgetSeen, { below, allow }: BudgetPolicy): Reason {
  const what =
    left > 0
      ? `${percent(left)} of the ${name} budget is left, less than ${percent(below)}`
      : `the ${name} budget is spent, ${percent(-left)} more than there is`
  return {
    text: what,
    numbers: { left, below, ...(burnNow === undefined ? {} : { burnNow }) },
    ...(allow === 'fixes' ? { next: 'bring what mends it, with --fix and why' } : {}),
  }
}

function judgeBudgets(settings: BudgetPolicy, known: Evidence, { fix, live }: GateQuestion): Verdict {
  const body = errorBudgetBody.safeParse(known.body)
  if (!body.success) return inconclusive('what is known of the budgets cannot be read')
  const { slos } = body.data
  if (slos.length === 0) return inconclusive('nothing is promised here: there is no budget')
  const spent = slos.filter(({ left }) => left !== undefined && left < settings.below)
  const isAllowed = fix !== undefined && settings.allow === 'fixes'
  if (spent.length > 0 && !isAllowed)
    return { is: 'fail', reasons: spent.map((one) => reasonOf(one, settings)) }
  const unknown = slos.filter(({ left }) => left === undefined)
  // Where nothing runs, nothing can be known.
  if (unknown.length > 0 && !isAllowed && live !== undefined)
    return inconclusive(`nothing is known of the budget of ${unknown.map(({ name }) => name).join(', ')}`)
  return pass(known.id)
}

/**
 * Holds while enough of every budget of the environment is left. It judges by the newest evidence that it is handed:
 * of the environment, and about the release that runs there, not the one that is to come.
 */
export const errorBudgetGate: Gate<BudgetPolicy> = {
  name: 'errorBudget',
  needs: [errorBudgetKind],
  judge(settings, question, evidence, now) {
    const [newest] = evidence.filter(({ kind }) => kind === errorBudgetKind).sort((a, b) => b.at - a.at)
    if (!newest) return inconclusive('nothing is known of the budgets')
    if (now - newest.at > settings.expires)
      return inconclusive(
        `what is known of the budgets is ${formatDuration(now - newest.at)} old, and counts for ${formatDuration(settings.expires)}`,
      )
    return judgeBudgets(settings, newest, question)
  },
}
