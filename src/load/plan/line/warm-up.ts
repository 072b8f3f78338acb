import type { LineObservation, LineSecond, LineStep } from './observation.ts'
import { within } from './options.ts'
import { slopeOf } from './slope.ts'
import { affords, flagged, inPhase, type LinePhase, type LineState } from './state.ts'

type WarmUp = Extract<LinePhase, { is: 'warmUp' }>

const windows = 10
const firstMs = 10_000
const nextMs = 5_000
const mostMs = 60_000
/** Three trends are looked at, each at 98.3 %: together 95 %. */
const confidence = 1 - 0.05 / 3
const shareOfExpected = 0.3

/** The rate of the warm-up: about 30 % of what is expected, and the least there is when nothing is. */
export const warmUpRate = (plan: LineState['plan']): number =>
  within(plan, plan.expectedPerSecond === null ? plan.minPerSecond : plan.expectedPerSecond * shareOfExpected)

/** Whether none of throughput, log p50 and CPU per request shows a trend over the last ten seconds. */
export function isSteady(seconds: readonly LineSecond[]): boolean {
  const last = seconds.slice(-windows)
  if (last.length < windows) return false
  const cpu = last.map((second) => second.cpuMicrosPerRequest).filter((micros) => micros !== undefined)
  const series = [last.map((second) => second.answered), last.map((second) => second.logP50), cpu]
  return series.every((values) => {
    const trend = slopeOf(values, confidence)
    return trend === undefined || (trend.low <= 0 && trend.high >= 0)
  })
}

/** A short budget belongs to the trials: no more than an eighth of it goes into the warm-up. */
const allowedMs = ({ budgetMs }: LineState['plan']): number => Math.min(mostMs, budgetMs / 8)

const lengthMs = (plan: LineState['plan'], doneMs: number): number =>
  doneMs === 0 ? Math.min(firstMs, allowedMs(plan)) : nextMs

export const warmUpStep = (plan: LineState['plan'], { ratePerSecond, doneMs }: WarmUp): LineStep => ({
  is: 'warmUp',
  ratePerSecond,
  durationMs: lengthMs(plan, doneMs),
})

export function afterWarmUp(state: LineState, phase: WarmUp, o: LineObservation): LineState {
  const doneMs = phase.doneMs + lengthMs(state.plan, phase.doneMs)
  const warmUp = [...state.warmUp, ...o.seconds].slice(-windows)
  const next = { ...state, warmUp }
  const ladder = { is: 'ladder', users: 1 } as const
  if (isSteady(warmUp)) return inPhase(next, ladder)
  if (doneMs + nextMs <= allowedMs(state.plan) && affords(next, nextMs))
    return inPhase(next, { ...phase, doneMs })
  return inPhase(flagged(next, `not steady after ${Math.round(doneMs / 1_000)} s of warm-up`), ladder)
}
