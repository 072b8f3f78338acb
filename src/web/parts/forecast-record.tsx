import type { ForecastRecordView } from '../../contract/index.ts'
import { asSentence, formatCount, formatDate, formatShare } from '../format.ts'
import { Status } from './status.tsx'
import { TableHead } from './table-head.tsx'

const levels = [50, 80, 95] as const

type Of = { readonly of: ForecastRecordView }
type Warning = ForecastRecordView['warnings'][number]

type Score = ForecastRecordView['recent']

function Both({
  of: [recent, whole],
  pick,
}: {
  of: readonly [Score, Score]
  pick: (score: Score) => string | undefined
}) {
  return (
    <>
      <td className="figure">{pick(recent) ?? '–'}</td>
      <td className="figure">{pick(whole) ?? '–'}</td>
    </>
  )
}

/** The bands beside what lay in them, of the last weeks and of all that is kept. */
const Figures = ({ of: { recent, whole } }: Of) => (
  <details>
    <summary>
      Show data<span className="unseen"> of how forecasts fared</span>
    </summary>
    <table className="figures wide">
      <caption className="unseen">How much of what came lay in each band, and the error</caption>
      <TableHead heads={['Band', 'Last 28 days', 'Last 90 days']} />
      <tbody>
        {levels.map((level) => (
          <tr key={level}>
            <th scope="row">{level} %</th>
            <Both of={[recent, whole]} pick={({ coverage }) => coverage && formatShare(coverage[level])} />
          </tr>
        ))}
        <tr>
          <th scope="row">Error, in errors of the same hour a week before</th>
          <Both of={[recent, whole]} pick={({ errorRatio }) => errorRatio?.toFixed(2)} />
        </tr>
        <tr>
          <th scope="row">Hours compared</th>
          <Both of={[recent, whole]} pick={({ hours }) => formatCount(hours)} />
        </tr>
      </tbody>
    </table>
  </details>
)

const outcomes = {
  open: { word: 'expected', standing: 'running' },
  came: { word: 'came', standing: 'passed' },
  'did-not-come': { word: 'did not come', standing: 'inconclusive' },
} as const

function WarningEntry({ of: warning }: { readonly of: Warning }) {
  const { kind, name, outcome, toldAt, dates, cameAt, endedAt, warningDays, ticketAt } = warning
  const { word, standing } = outcomes[outcome]
  const date = dates.at(-1)?.date
  return (
    <li>
      <Status of={standing}>{word}</Status> {kind === name ? kind : `${kind} ${name}`}: told{' '}
      {formatDate(toldAt)}
      {date === undefined ? null : `, last for ${formatDate(date)}`}
      {dates.length > 1 ? `, moved ${dates.length - 1 === 1 ? 'once' : `${dates.length - 1} times`}` : null}
      {cameAt === undefined
        ? null
        : `, came ${formatDate(cameAt)} after ${Math.floor(warningDays ?? 0)} days of warning`}
      {outcome === 'did-not-come' && endedAt !== undefined ? `, gone ${formatDate(endedAt)}` : null}
      {ticketAt === undefined ? null : `, ticket ${formatDate(ticketAt)}`}
    </li>
  )
}

/** How the forecasts before this one fared; nothing before the first. */
export function ForecastRecord({ of: record }: { readonly of: ForecastRecordView | undefined }) {
  if (!record) return null
  const [bands = ''] = record.text
  const isWorse = record.recent.isBetterThanNaive === false
  return (
    <section aria-labelledby="forecast-record">
      <h2 id="forecast-record">How forecasts fared</h2>
      <p>
        {isWorse ? (
          <>
            <Status of="inconclusive">worse than the week before</Status>{' '}
          </>
        ) : null}
        {asSentence(bands)}
      </p>
      {record.whole.coverage ? <Figures of={record} /> : null}
      {record.warnings.length === 0 ? (
        <p className="quiet">Nothing was seen coming since {formatDate(record.since)}.</p>
      ) : (
        <ul className="plain watched" aria-label="What was seen coming, the newest first">
          {record.warnings.toReversed().map((one) => (
            <WarningEntry key={`${one.kind} ${one.name} ${one.toldAt}`} of={one} />
          ))}
        </ul>
      )}
    </section>
  )
}
