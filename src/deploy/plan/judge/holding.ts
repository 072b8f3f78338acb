import { formatDuration, type Reason } from '../../../kernel/index.ts'
import { logProof } from './interval.ts'
import { isDown } from './observe.ts'
import { type JudgeState, judgedMetrics, logOfAll } from './state.ts'
import { countText, percentText, requestsText } from './wording.ts'

type Hold = (s: JudgeState) => Reason | undefined

const nothingToCompare: Hold = ({ requests }) =>
  requests.live === 0
    ? {
        text: 'the live version answered nothing: there is nothing to compare with',
        next: 'a first release is judged by its own health, not by a canary',
      }
    : undefined

const tooFew: Hold = ({ requests, settings: { minRequests } }) => {
  const [side, seen] =
    requests.canary <= requests.live ? ['canary', requests.canary] : ['live version', requests.live]
  return seen >= minRequests
    ? undefined
    : {
        text: `the ${side} answered ${requestsText(seen)} of the ${countText(minRequests)} that a verdict needs`,
        numbers: { requests: seen, needed: minRequests },
        next: 'give it a larger share, more time or artificial requests',
      }
}

const bothFail: Hold = (s) => {
  if (!isDown(s)) return undefined
  const [canary, live] = [s.recent.canary, s.recent.live].map(({ bad, of }) => bad / of) as [number, number]
  return {
    text: `both sides fail: the canary ${percentText(canary)} of its requests, the live version ${percentText(live)}; something that both need may be down`,
    numbers: { canary, live },
    next: 'mend what both need, and deploy again',
  }
}

const baking: Hold = ({ bakedMs, settings: { promote } }) =>
  bakedMs >= promote.bakeMs
    ? undefined
    : {
        text: `watched for ${formatDuration(bakedMs)} of ${formatDuration(promote.bakeMs)}`,
        numbers: { bakedMs, bakeMs: promote.bakeMs },
      }

const unproven: Hold = ({ errors, settings: { promote, beta, toleratedRatio } }) => {
  if (promote.when !== 'proven' || !errors) return undefined
  const proof = logProof(errors.byShare, toleratedRatio)
  return proof >= -Math.log(beta)
    ? undefined
    : {
        text: `not proven yet to fail less than ${toleratedRatio} times as often as the live version`,
        numbers: { e: Math.exp(proof), needed: 1 / beta },
        next: 'give it a larger share or more time',
      }
}

/** What cannot be read may be anything. */
const unread = ({ blind = {} }: JudgeState): readonly Reason[] =>
  Object.entries(blind).map(([name, { because }]) => ({
    text: `${name} cannot be read: ${because}`,
    next: 'mend its metrics endpoint, and deploy again',
  }))

/** Counters of which too little was counted to tell anything. */
const uncounted = ({ settings: { metrics }, own, blind = {} }: JudgeState): readonly Reason[] =>
  Object.entries(own).flatMap(([name, { total }]) => {
    const needed = metrics.own[name]?.atLeast ?? 0
    const [side, seen] =
      total.canary.of <= total.live.of ? ['canary', total.canary.of] : ['live version', total.live.of]
    if (blind[name] || seen >= needed) return []
    return [
      {
        text: `${name}: the ${side} counted ${countText(seen)} of the ${countText(needed)} that a verdict needs`,
        numbers: { counted: seen, needed },
        next: 'give it a larger share or more time; a counter that is new is judged from the next release on',
      },
    ]
  })

/** What has gone half the way to an alarm is not let pass. */
const suspicious: Hold = (s) => {
  const needed = -Math.log(s.settings.alpha)
  const seen = logOfAll(judgedMetrics(s))
  return seen < needed / 2
    ? undefined
    : {
        text: 'it looks worse than the live version, but not yet for certain',
        numbers: { e: Math.exp(seen), needed: Math.exp(needed) },
      }
}

const holds: readonly Hold[] = [nothingToCompare, tooFew, bothFail, suspicious, baking, unproven]

/** All that keeps a canary from passing, the weightiest first. */
export const holding = (s: JudgeState): readonly Reason[] => [
  ...unread(s),
  ...holds.flatMap((hold) => hold(s) ?? []),
  ...uncounted(s),
]
