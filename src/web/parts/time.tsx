import { formatAgo, formatExactly, formatMoment } from '../format.ts'
import { useNow } from '../live.ts'

/** How long ago; when exactly is in its title. */
export function Ago({ at }: { at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactly(at)}>
      {formatAgo(at, now)}
    </time>
  )
}

/** A day and a time of it, as for an end that is to come. */
export function Moment({ at }: { at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactly(at)}>
      {formatMoment(at, now)}
    </time>
  )
}
