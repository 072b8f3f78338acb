import { formatDuration, type Instant } from '../../../kernel/index.ts'
import { type Judgement, judgement, newJudge, observe } from '../judge/index.ts'
import { countText, msText, percentText } from '../judge/wording.ts'
import { brokenIn, grownSince, judgeSettings, type Mark, markOf, perSecond } from './counting.ts'
import { rateText } from './found.ts'
import { betOn, isBroken, isKept, noBet, type Promised } from './promised.ts'
import { sharesOf } from './shares.ts'
import type { SqueezeSettings, SqueezeSight, SqueezeState, StageDone, StageNow } from './state.ts'

/** So long a stage's queues have to settle before anything counts. */
export const settleMsOf = ({ watchMs }: SqueezeSettings): number => Math.min(2_000, watchMs / 2)
export const lookMs = 1_000
/** When there is nothing to look at yet. */
export const lookAgainMs = 250

/** What one look at a stage has come to. */
export type Looked =
  | { readonly is: 'open'; readonly stage: StageNow }
  | { readonly is: 'over'; readonly done: StageDone; readonly stage: StageNow }
  /** Nobody can tell: too few requests, or not as they were to be split. */
  | { readonly is: 'untold'; readonly because: string; readonly stage: StageNow }

const allStages = ({ settings, live }: SqueezeState): number => sharesOf(settings, live?.size ?? 1).length

/** The stage has settled: what is counted from here on belongs to it. */
function begin(state: SqueezeState, stage: StageNow, at: Mark): StageNow {
  const { settings } = state
  return {
    ...stage,
    ...{ from: at, at },
    judge: newJudge(judgeSettings(settings, allStages(state)), at.at),
    bets: settings.promises.map(() => noBet),
  }
}

/** `0.1 % of 3,012 requests failed or took more than 250 ms, and 1 % may` */
function promiseText(promised: Promised, bad: number, of: number): string {
  const slow = promised.belowMs === undefined ? '' : ` or took more than ${msText(promised.belowMs)}`
  const budget = percentText(1 - promised.objective)
  return `${percentText(of === 0 ? 0 : bad / of)} of ${countText(of)} requests failed${slow}, and ${budget} may`
}

/** The judge speaks of canaries. */
const inOurWords = (text: string): string =>
  text
    .replaceAll('the canary', 'the instance')
    .replaceAll('the live version', 'the others')
    .replaceAll('live version', 'others')

function doneOf(
  state: SqueezeState,
  stage: StageNow & { readonly from: Mark; readonly at: Mark },
  how: StageDone['how'] | undefined,
  text: string,
): StageDone {
  const { squeezed, others } = grownSince(stage.at, stage.from)
  const watchedMs = stage.at.at - stage.from.at
  const alone = Math.max(1, (state.live?.size ?? 2) - 1)
  return {
    share: stage.share,
    ratePerSecond: perSecond(squeezed.sent ?? 0, watchedMs),
    othersPerSecond: perSecond(others.sent ?? 0, watchedMs) / alone,
    requests: squeezed.requests,
    watchedMs,
    ...(how === undefined ? { is: 'passed' } : { is: 'failed', how }),
    text,
  }
}

function verdictOn(
  state: SqueezeState,
  stage: StageNow & { readonly from: Mark; readonly at: Mark },
  found: Judgement,
): Looked {
  const { promises, alpha } = state.settings
  const { squeezed } = grownSince(stage.at, stage.from)
  const counted = promises.map((promised) => ({ promised, ...brokenIn(squeezed, promises, promised) }))
  const over = (how: StageDone['how'] | undefined, text: string): Looked => ({
    is: 'over',
    stage,
    done: doneOf(state, stage, how, text),
  })
  const isEnd = found.is !== 'open'
  const stageAlpha = alpha / allStages(state) / promises.length
  const broken = counted.find(
    ({ promised, bad, of }, i) =>
      isBroken(stage.bets?.[i] ?? noBet, stageAlpha) || (isEnd && !isKept(promised, { bad, of })),
  )
  if (broken) return over('promise', promiseText(broken.promised, broken.bad, broken.of))
  if (found.is === 'fail') return over('worse', inOurWords(found.sentence))
  if (found.is === 'inconclusive') return { is: 'untold', stage, because: inOurWords(found.sentence) }
  if (found.is === 'open') return { is: 'open', stage }
  return over(undefined, counted.map(({ promised, bad, of }) => promiseText(promised, bad, of)).join('; '))
}

/** What is counted of the stage that goes on; nothing before it has settled and was looked at again. */
export function countedIn(state: SqueezeState): Omit<StageDone, 'is' | 'how'> | undefined {
  const { stage } = state
  if (!stage?.from || !stage.at || stage.at.at <= stage.from.at) return undefined
  const { is: _, ...counted } = doneOf(
    state,
    { ...stage, from: stage.from, at: stage.at },
    undefined,
    stage.text,
  )
  return counted
}

/** One look: reads on in what the gateway counts of both sides. Undefined while there is nothing to read. */
export function lookOn(
  state: SqueezeState,
  stage: StageNow,
  { traffic }: SqueezeSight,
  now: Instant,
): Looked | undefined {
  const { squeeze } = traffic
  if (!squeeze) return undefined
  const at = markOf(squeeze, state.settings.promises, now)
  const { from, at: before, judge, bets = [] } = stage
  if (!from || !before || !judge) return { is: 'open', stage: begin(state, stage, at) }
  const { promises, alpha } = state.settings
  const grown = grownSince(at, before)
  const span = { at: now, share: stage.share, canary: grown.squeezed, live: grown.others }
  const most = -Math.log(alpha) / 2
  const next = {
    ...stage,
    ...{ from, at },
    judge: observe(judge, span),
    bets: promises.map((promised, i) =>
      betOn(bets[i] ?? noBet, promised, brokenIn(grown.squeezed, promises, promised), most),
    ),
  }
  const all = grownSince(at, from)
  const watchedMs = now - from.at
  const text = `${percentText(stage.share)} of the requests for instance ${state.instance}: ${rateText(perSecond(all.squeezed.sent ?? 0, watchedMs))} for ${formatDuration(watchedMs)} of ${formatDuration(state.settings.watchMs)}`
  return verdictOn(state, { ...next, text }, judgement(next.judge, now))
}
