import { Link } from 'wouter'
import type { ComparisonSummary } from '../../contract/index.ts'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

/** Comparisons in a line each; `name` is what tells them apart where they are listed. */
export const Comparisons = ({
  of,
  name,
}: {
  of: readonly ComparisonSummary[]
  name: (one: ComparisonSummary) => string
}) => (
  <ul className="plain">
    {of.map((one) => (
      <li key={one.id}>
        <Status of={one.standing} />{' '}
        <Link href={`/comparisons/${encodeURIComponent(one.id)}`}>{name(one)}</Link>: {one.text}{' '}
        <span className="quiet">
          <Ago at={one.endedAt ?? one.startedAt ?? one.requestedAt} />
        </span>
      </li>
    ))}
  </ul>
)
