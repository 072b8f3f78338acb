import { type ReactNode, useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { ServiceRow } from '../../contract/index.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { standingOf } from '../../contract/overview/standings.ts'
import { Clocks } from './clocks.ts'
import { EnvironmentEntry } from './environment-entry.tsx'
import { Notifiers } from './notifiers.tsx'
import { ServiceLinks } from './service-nav.tsx'
import { Status } from './status.tsx'
import { TableHead } from './table-head.tsx'

function LastRun({ service }: { service: ServiceRow }) {
  const run = service.lastRun
  if (!run) return null
  return (
    <p className="quiet">
      Last run:{' '}
      <Link href={`/services/${encodeURIComponent(service.name)}/changes/${run.change.id}`}>
        {run.change.subject}
      </Link>{' '}
      <Status of={run.standing}>{run.text}</Status>
    </p>
  )
}

const heads = ['Environment', 'Release', 'Status', 'Health', 'Load line', 'Requests'] as const

const Environments = ({ service, sights }: { service: ServiceRow; sights: Sights }) => (
  <>
    <LastRun service={service} />
    <table className="rows environments">
      <caption className="unseen">Environments of {service.name}</caption>
      <TableHead heads={heads} unseen="Actions" />
      <tbody>
        {service.environments.map((row) => (
          <EnvironmentEntry key={row.name} service={service.name} row={row} sights={sights} />
        ))}
      </tbody>
    </table>
    {service.environments.length === 0 ? (
      <p className="quiet">Its environments come with the first push of its protected branch.</p>
    ) : null}
    <Notifiers service={service} />
  </>
)

const idOf = ({ name }: ServiceRow): string => `service-${name}`
const isNamed = (id: string): boolean => location.hash === `#${encodeURIComponent(id)}`

/** Opens when somebody comes to it by its address, and stays as it is left otherwise. */
function Folded({
  service,
  title,
  children,
}: {
  service: ServiceRow
  title: ReactNode
  children: ReactNode
}) {
  const id = idOf(service)
  const [open, setOpen] = useState(() => isNamed(id))
  useEffect(() => {
    const arrive = () => {
      if (isNamed(id)) setOpen(true)
    }
    addEventListener('hashchange', arrive)
    return () => removeEventListener('hashchange', arrive)
  }, [id])
  return (
    <details className="panel service" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary id={id}>{title}</summary>
      {open ? children : null}
    </details>
  )
}

/** What could be done about it now, while it is closed. */
const nextText = ({ environments }: ServiceRow): string =>
  environments
    .flatMap(({ name, next }) => (next && !next.tried ? [`a release could go to ${name}`] : []))
    .join(', ')

/** What runs where of one service; one of many is closed until somebody wants to see it. */
export function ServicePanel({
  service,
  sights,
  isFolded,
}: {
  readonly service: ServiceRow
  readonly sights: Sights
  readonly isFolded: boolean
}) {
  const links = <ServiceLinks service={service.name} spikes={service.spikes.length} />
  const environments = (
    <Clocks value={service.timeZone}>
      <Environments service={service} sights={sights} />
    </Clocks>
  )
  if (!isFolded)
    return (
      <section className="panel" aria-labelledby={idOf(service)}>
        <div className="headline">
          <h2 id={idOf(service)} tabIndex={-1}>
            {service.name}
          </h2>
          {links}
        </div>
        {environments}
      </section>
    )
  const { tone, word } = standingOf(service, sights)
  const title = (
    <>
      <h2>{service.name}</h2> <Status of={tone}>{word}</Status>{' '}
      <span className="quiet">{nextText(service)}</span>
    </>
  )
  return (
    <Folded service={service} title={title}>
      <p>{links}</p>
      {environments}
    </Folded>
  )
}
