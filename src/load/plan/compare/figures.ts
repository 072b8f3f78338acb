import type { Comparison, Effect } from './comparison.ts'
import { carries, type Metric, secondaryMetrics } from './metrics.ts'
import { figureText, metricTitle } from './wording.ts'

/** An effect as tables and plots show it: the load line first; p corrected where there are several. */
export type EffectFigure = {
  readonly effect: Effect
  readonly p: number
  readonly title: string
  readonly baseText: string
  readonly changeText: string
  readonly worse: Metric['worse']
}

const metricOf = ({ metric }: Effect): Metric =>
  secondaryMetrics.find(({ name }) => name === metric) ?? carries

const figureOf = (effect: Effect, p: number): EffectFigure => ({
  effect,
  p,
  title: effect.metric === 'carries' ? 'Load line' : metricTitle[effect.metric],
  baseText: figureText(effect.metric, effect.base),
  changeText: figureText(effect.metric, effect.change),
  worse: metricOf(effect).worse,
})

export const effectFigures = ({
  primary,
  secondary,
}: Pick<Comparison, 'primary' | 'secondary'>): readonly EffectFigure[] => [
  figureOf(primary, primary.p),
  ...secondary.map((effect) => figureOf(effect, effect.pCorrected)),
]
