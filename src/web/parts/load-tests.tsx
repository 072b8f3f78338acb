import { Link } from 'wouter'
import type { EnvironmentRow, LoadTestSummary } from '../../contract/index.ts'
import { Status } from './status.tsx'
import { Ago, Moment } from './time.tsx'

const One = ({ of: { id, standing, text } }: { of: LoadTestSummary }) => (
  <>
    <Link href={`/load-tests/${encodeURIComponent(id)}`}>
      {standing === 'waiting' || standing === 'running' ? 'Watch the load test' : 'Last load test'}
      <span className="unseen"> {id}</span>
    </Link>
    : {text}
  </>
)

/** What is known of the load line of what runs here, the load tests that wait, and when the next one comes. */
export function LoadTests({ row: { loadTests } }: { row: EnvironmentRow }) {
  if (!loadTests) return null
  const { is, text, queue, last, next } = loadTests
  return (
    <div className="load-tests">
      {is === 'none' ? null : (
        <Status of={is}>
          load line {is === 'passed' ? 'measured' : is === 'running' ? 'being measured' : is}
        </Status>
      )}
      {is === 'none' || is === 'missing' ? <div className="quiet">{text}</div> : null}
      {queue.map((one) => (
        <div key={one.id} className="quiet">
          <One of={one} />
        </div>
      ))}
      {last ? (
        <div className="quiet">
          <One of={last} /> <Ago at={last.endedAt ?? last.requestedAt} />
        </div>
      ) : null}
      {next === undefined ? null : (
        <div className="quiet">
          Next load test: <Moment at={next} />
        </div>
      )}
    </div>
  )
}
