import type { EffectView } from '../../contract/index.ts'
import { Data } from './data.tsx'
import { Measured } from './drawing.tsx'
import { effectsCsv, effectsFinding, effectsTable } from './effects.ts'
import { EffectsPlot } from './effects-plot.tsx'
import { Figure, Legend } from './figure.tsx'
import { marginWords, verdictLegend } from './verdict-mark.tsx'

const Hatched = () => (
  <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    <path className="hatch" d="M0 12L12 0M2 20L20 2M12 20L20 12" />
    <path className="margin" d="M19 0V20" />
  </svg>
)

/** How much better or worse each figure is, with its interval, beside what it may be worse. */
export function EffectsFigure({ effects, file }: { effects: readonly EffectView[]; file: string }) {
  const title = 'Change against base'
  const zone = effects.some(({ margin }) => margin !== null)
    ? [{ mark: <Hatched />, text: 'beyond the margin' }]
    : []
  return (
    <Figure
      title={title}
      finding={effectsFinding(effects)}
      legend={
        <Legend
          of={[
            ...verdictLegend(
              effects.map(({ verdict }) => verdict),
              marginWords,
            ),
            ...zone,
          ]}
        />
      }
      data={<Data title={title} table={effectsTable(effects)} csv={effectsCsv(effects)} file={file} />}
    >
      {(labelledBy) => (
        <Measured>
          {(width) => <EffectsPlot effects={effects} width={width} labelledBy={labelledBy} />}
        </Measured>
      )}
    </Figure>
  )
}
