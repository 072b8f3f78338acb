import { useContext } from 'react'
import { formatAgo, formatExactly, formatMoment } from '../format.ts'
import { useNow } from '../live.ts'
import { Clocks } from './clocks.ts'

/** How long ago; when exactly is in its title. */
export function Ago({ at }: { at: number }) {
  const now = useNow()
  const zone = useContext(Clocks)
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactly(at, zone)}>
      {formatAgo(at, now)}
    </time>
  )
}

/** A day and a time of it, as for an end that is to come. */
export function Moment({ at }: { at: number }) {
  const now = useNow()
  const zone = useContext(Clocks)
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExactly(at, zone)}>
      {formatMoment(at, now, zone)}
    </time>
  )
}
