import type { DifferenceView, EnvironmentRow } from '../../contract/index.ts'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

function why({ declared, coming, because }: DifferenceView): string {
  if (declared !== undefined) return `declared: ${declared}`
  if (coming !== undefined) return `${coming} brings it`
  return because ?? 'not declared'
}

const Differences = ({ of, leader }: { of: readonly DifferenceView[]; leader: string }) => (
  <ul className="plain">
    {of.map((one) => (
      <li key={one.what}>
        <strong>{one.what}</strong> is {one.here}; in {leader}: {one.there} (<Ago at={one.since} />,{' '}
        {why(one)})
      </li>
    ))}
  </ul>
)

/** Whether an environment is in step with the one that it follows, and what differs. */
export function InStep({ row: { name, inStep } }: { row: EnvironmentRow }) {
  if (!inStep) return null
  const { is, text, differences, unknown } = inStep
  return (
    <div className="in-step">
      <Status of={is} />
      <div className="quiet">{text.replace(/^drift: /, '')}</div>
      {unknown.map((what) => (
        <div key={what} className="quiet">
          {what}
        </div>
      ))}
      {differences.length > 0 ? (
        <details>
          <summary>
            What differs<span className="unseen"> in {name}</span>
          </summary>
          <Differences of={differences} leader={inStep.with} />
        </details>
      ) : null}
    </div>
  )
}
