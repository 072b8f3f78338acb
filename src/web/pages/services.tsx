import { Link } from 'wouter'
import type { ServiceRow, ServicesView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { EnvironmentEntry } from '../parts/environment-entry.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { Notifiers } from '../parts/notifiers.tsx'
import { Status } from '../parts/status.tsx'
import { Ago } from '../parts/time.tsx'

type Note = { readonly text: string; readonly link: string; readonly at?: number }

function Question({ title, notes, none }: { title: string; notes: readonly Note[]; none: string }) {
  return (
    <section className="question">
      <h2>{title}</h2>
      {notes.length === 0 ? <p className="quiet">{none}</p> : null}
      <ul>
        {notes.slice(0, 6).map(({ text, link, at }) => (
          <li key={`${link} ${text}`}>
            <Link href={link}>{text}</Link>{' '}
            {at === undefined ? null : <span className="quiet">{<Ago at={at} />}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

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

const Service = ({ service }: { service: ServiceRow }) => (
  <section className="panel" aria-labelledby={`service-${service.name}`}>
    <div className="headline">
      <h2 id={`service-${service.name}`}>{service.name}</h2>
      <span className="links">
        <Link href={`/services/${encodeURIComponent(service.name)}/health`}>
          health<span className="unseen"> of {service.name}</span>
        </Link>{' '}
        <Link href={`/services/${encodeURIComponent(service.name)}/spikes`}>
          spikes{service.spikes.length > 0 ? ` (${service.spikes.length})` : ''}
          <span className="unseen"> of {service.name}</span>
        </Link>{' '}
        <Link href={`/services/${encodeURIComponent(service.name)}/load`}>
          load<span className="unseen"> of {service.name}</span>
        </Link>
      </span>
    </div>
    <LastRun service={service} />
    <Notifiers service={service} />
    <table className="rows environments">
      <caption className="unseen">Environments of {service.name}</caption>
      <thead>
        <tr>
          <th scope="col">Environment</th>
          <th scope="col">Release</th>
          <th scope="col">Status</th>
          <th scope="col">Ready</th>
          <th scope="col">Requests</th>
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {service.environments.map((row) => (
          <EnvironmentEntry key={row.name} service={service.name} row={row} />
        ))}
      </tbody>
    </table>
    {service.environments.length === 0 ? (
      <p className="quiet">Its environments come with the first push of its protected branch.</p>
    ) : null}
  </section>
)

const Empty = () => (
  <section className="panel">
    <h2>Push the first service</h2>
    <p>In its repository:</p>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
    <pre tabIndex={0}>
      <code>
        {`plimsoll init\ngit remote add plimsoll ${location.protocol}//you@${location.host}/git/SERVICE.git\ngit push plimsoll main`}
      </code>
    </pre>
    <p className="quiet">The password is the token that plimsoll up printed.</p>
  </section>
)

const Services = ({ view }: { view: ServicesView }) => (
  <>
    <h1>Services</h1>
    <div className="questions">
      <Question title="What is wrong?" notes={view.wrong} none="Nothing." />
      <Question title="What changed since yesterday?" notes={view.changed} none="Nothing." />
      <Question title="What waits for you?" notes={view.waiting} none="Nothing." />
    </div>
    {view.services.length === 0 ? (
      <Empty />
    ) : (
      view.services.map((service) => <Service key={service.name} service={service} />)
    )}
  </>
)

/** `/`: the three questions of the stand-up, then what runs where. */
export const ServicesPage = () => (
  <LookedUp<ServicesView>
    path={paths.services}
    title={(view) => (view.wrong.length > 0 ? `(${view.wrong.length}) Plimsoll` : 'Plimsoll')}
  >
    {(view) => <Services view={view} />}
  </LookedUp>
)
