import type { LoadHistoryView } from '../../contract/index.ts'
import { asSentence } from '../format.ts'
import { Data } from './data.tsx'
import { Measured } from './drawing.tsx'
import { Figure, Legend } from './figure.tsx'
import { lineCsv, lineTable, stepsOf } from './load-line.ts'
import { LoadLinePlot } from './load-line-plot.tsx'

const release = {
  mark: (
    <svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true">
      <path className="line base" d="M1 8H31" />
      <path className="reach base" d="M16 0V16" />
      <circle className="dot base" cx="16" cy="8" r="3.5" />
    </svg>
  ),
  text: 'a release, with the 95 % interval of its step from the one before',
}

const shift = {
  mark: (
    <svg viewBox="0 0 8 16" width="8" height="16" aria-hidden="true" className="shift">
      <line x1="4" x2="4" y1="0" y2="16" />
    </svg>
  ),
  text: 'a lasting change',
}

const drift = {
  mark: (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <rect className="drift" width="16" height="16" />
    </svg>
  ),
  text: 'little by little',
}

const legendOf = (view: LoadHistoryView) => [
  release,
  ...(view.shifts.length > 0 ? [shift] : []),
  ...(view.drift ? [drift] : []),
]

/** How the load line went from release to release. */
export function LoadLineFigure({ view }: { view: LoadHistoryView }) {
  const title = 'From release to release'
  const steps = stepsOf(view)
  return (
    <Figure
      title={title}
      finding={asSentence(view.text)}
      legend={<Legend of={legendOf(view)} />}
      data={
        <Data
          title={title}
          table={lineTable(steps)}
          csv={lineCsv(steps)}
          file={`load-line-${view.service}`}
        />
      }
    >
      {(labelledBy) => (
        <Measured>
          {(width) => <LoadLinePlot {...{ steps, labelledBy, width }} drift={view.drift} />}
        </Measured>
      )}
    </Figure>
  )
}
