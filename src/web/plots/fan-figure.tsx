import type { PlaceForecast } from '../../contract/index.ts'
import { Data } from './data.tsx'
import { Measured } from './drawing.tsx'
import { type Fan, fanOfHours, fanOfWeeks } from './fan.ts'
import { FanPlot } from './fan-plot.tsx'
import { fanCsv, fanTable, type Grain, hoursFinding, weeksFinding } from './fan-words.ts'
import { Figure } from './figure.tsx'

const titles: Readonly<Record<Grain, string>> = { weeks: 'The next months', hours: 'The next week' }
const fanOf: Readonly<Record<Grain, (of: PlaceForecast) => Fan | undefined>> = {
  weeks: fanOfWeeks,
  hours: fanOfHours,
}
const findingOf = { weeks: weeksFinding, hours: hoursFinding } as const

/** Requests that are to come, beside what they may be: all that is in it is named where it is. */
export function FanFigure({ of, grain }: { of: PlaceForecast; grain: Grain }) {
  const fan = fanOf[grain](of)
  const title = titles[grain]
  const finding = findingOf[grain](of)
  if (!fan)
    return (
      <section className="panel" aria-label={title}>
        <h2>{title}</h2>
        <p>{finding}</p>
      </section>
    )
  return (
    <Figure
      title={title}
      finding={finding}
      legend={null}
      data={
        <Data
          title={title}
          table={fanTable(fan, of, grain)}
          csv={fanCsv(fan)}
          file={`forecast-${grain}-${of.service}-${of.environment}`}
        />
      }
    >
      {(labelledBy) => (
        <Measured>{(width) => <FanPlot {...{ of, fan, grain, labelledBy, width }} />}</Measured>
      )}
    </Figure>
  )
}
