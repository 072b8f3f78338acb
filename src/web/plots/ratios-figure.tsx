import type { JudgeView } from '../../contract/index.ts'
import { Data } from './data.tsx'
import { Measured } from './drawing.tsx'
import { Figure, Legend } from './figure.tsx'
import { ratiosCsv, ratiosFinding, ratiosTable, standingOf, standingWords } from './ratios.ts'
import { RatiosPlot } from './ratios-plot.tsx'
import { verdictLegend } from './verdict-mark.tsx'

/** By what a new release is judged: how many times as often it has it as the live version beside it, with 95 % intervals. */
export function RatiosFigure({ judge, file }: { judge: JudgeView; file: string }) {
  const title = 'New release against live version'
  const { metrics } = judge
  return (
    <Figure
      title={title}
      finding={ratiosFinding(metrics)}
      legend={
        <Legend
          of={verdictLegend(
            metrics.map((metric) => standingOf(judge, metric)),
            standingWords,
          )}
        />
      }
      data={<Data title={title} table={ratiosTable(metrics)} csv={ratiosCsv(metrics)} file={file} />}
    >
      {(labelledBy) => (
        <Measured>{(width) => <RatiosPlot judge={judge} width={width} labelledBy={labelledBy} />}</Measured>
      )}
    </Figure>
  )
}
