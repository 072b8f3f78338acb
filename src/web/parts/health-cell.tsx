import { Link } from 'wouter'
import { healthHref } from '../../contract/overview/addresses.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { firingIn, healthIn } from '../../contract/overview/standings.ts'
import { plural } from '../format.ts'
import { Status } from './status.tsx'

/** Whether an environment is well, and how many alerts fire there; the rest is told where it leads. */
export function HealthCell({
  service,
  environment,
  sights,
}: {
  readonly service: string
  readonly environment: string
  readonly sights: Sights
}) {
  const place = { service, environment }
  const health = healthIn(sights, place)
  if (!health) return <>–</>
  const { pages, tickets } = firingIn(sights, place)
  const said = [
    ...(pages > 0 ? [plural(pages, 'page')] : []),
    ...(tickets > 0 ? [plural(tickets, 'ticket')] : []),
  ]
  return (
    <>
      <Link href={healthHref(place)}>
        <Status of={health.is} />
        <span className="unseen">: health of {environment}</span>
      </Link>
      {said.length === 0 ? null : <div className="quiet">{said.join(', ')}</div>}
    </>
  )
}
