import { Link } from 'wouter'
import type { ServiceRow } from '../../contract/index.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { EnvironmentEntry } from './environment-entry.tsx'
import { Notifiers } from './notifiers.tsx'
import { ServiceLinks } from './service-nav.tsx'
import { Status } from './status.tsx'

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

/** What runs where of one service. */
export const ServicePanel = ({ service, sights }: { service: ServiceRow; sights: Sights }) => (
  <section className="panel" aria-labelledby={`service-${service.name}`}>
    <div className="headline">
      <h2 id={`service-${service.name}`} tabIndex={-1}>
        {service.name}
      </h2>
      <ServiceLinks service={service.name} spikes={service.spikes.length} />
    </div>
    <LastRun service={service} />
    <table className="rows environments">
      <caption className="unseen">Environments of {service.name}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
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
  </section>
)
