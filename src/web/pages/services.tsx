import { Link } from 'wouter'
import type { EnvironmentRow, ServiceRow, ServicesView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { formatLost } from '../format.ts'
import { Act } from '../parts/act.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { Status } from '../parts/status.tsx'
import { Ago, Moment } from '../parts/time.tsx'

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

const changeLink = (service: string, commit: string): string =>
  `/services/${encodeURIComponent(service)}/changes/${commit}`

function Release({ service, row }: { service: string; row: EnvironmentRow }) {
  if (!row.release) return <span className="quiet">nothing yet</span>
  const { commit, short, subject } = row.release
  return (
    <>
      <Link href={changeLink(service, commit)}>{subject || short}</Link>
      <div className="quiet">
        <code>{short}</code> {row.since === undefined ? null : <Ago at={row.since} />}
      </div>
      {row.verified === false ? <Status of="failed">what runs is something else</Status> : null}
    </>
  )
}

/** Held by a person, or waited for; that a deployment holds it while it goes on is no news. */
function Lock({ row: { lock, deployment } }: { row: EnvironmentRow }) {
  if (!lock) return null
  const held = deployment ? [] : [`locked by ${lock.owner}: ${lock.reason}`]
  const waits = lock.queue.map(({ owner, reason }) => `${owner} waits: ${reason}`)
  const text = [...held, ...waits].join('; ')
  return text ? <div className="quiet">{text}</div> : null
}

/** Gates that hold nobody up for now: whoever looks at the environment is to know. */
const Waivers = ({ row }: { row: EnvironmentRow }) => (
  <>
    {row.waivers.map(({ gate, owner, reason, until }) => (
      <div key={gate} className="quiet waiver">
        <Status of="waived">gate {gate} waived</Status> by {owner} until <Moment at={until} />: {reason}
      </div>
    ))}
  </>
)

function linkText({ status, deployment }: EnvironmentRow): string {
  if (!deployment) return 'Last deployment'
  return status.is === 'held' ? 'Decide about the deployment' : 'Watch the deployment'
}

function Standing({ row }: { row: EnvironmentRow }) {
  const target = row.deployment ?? row.lastDeployment?.id
  return (
    <>
      <Status of={row.status.is} />
      {row.status.is === 'steady' ? null : <div className="quiet">{row.status.text}</div>}
      <Lock row={row} />
      {target ? (
        <div>
          <Link href={`/deployments/${encodeURIComponent(target)}`}>
            {linkText(row)}
            <span className="unseen"> of {row.name}</span>
          </Link>
        </div>
      ) : null}
      <Waivers row={row} />
    </>
  )
}

function Actions({ service, row }: { service: string; row: EnvironmentRow }) {
  return (
    <div className="buttons">
      {row.next?.promote ? (
        <Act
          service={service}
          environment={row.name}
          action={row.next.promote}
          wish={{ kind: 'promote', release: row.next.release.digest }}
          strong
        />
      ) : null}
      {row.rollback ? (
        <Act service={service} environment={row.name} action={row.rollback} wish={{ kind: 'rollback' }} />
      ) : null}
    </div>
  )
}

function Row({ service, row }: { service: string; row: EnvironmentRow }) {
  return (
    <tr>
      <th scope="row">
        {row.name}
        {row.address ? (
          <div className="quiet">
            <a href={row.address}>{row.address.replace('http://', '')}</a>
          </div>
        ) : null}
      </th>
      <td data-label="Release">
        <Release service={service} row={row} />
      </td>
      <td data-label="Status">
        <Standing row={row} />
      </td>
      <td data-label="Instances" className="figure">
        {row.instances.ready} of {row.instances.wanted}
      </td>
      <td data-label="Requests" className="figure">
        {row.ledger ? formatLost(row.ledger.lost, row.ledger.accepted) : '–'}
      </td>
      <td data-label="Actions">
        <Actions service={service} row={row} />
      </td>
    </tr>
  )
}

function LastRun({ service }: { service: ServiceRow }) {
  const run = service.lastRun
  if (!run) return null
  return (
    <p className="quiet">
      Last run: <Link href={changeLink(service.name, run.change.id)}>{run.change.subject}</Link>{' '}
      <Status of={run.standing}>{run.text}</Status>
    </p>
  )
}

const Service = ({ service }: { service: ServiceRow }) => (
  <section className="panel" aria-labelledby={`service-${service.name}`}>
    <div className="headline">
      <h2 id={`service-${service.name}`}>{service.name}</h2>
      <Link href={`/services/${encodeURIComponent(service.name)}/load`}>
        load<span className="unseen"> of {service.name}</span>
      </Link>
    </div>
    <LastRun service={service} />
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
          <Row key={row.name} service={service.name} row={row} />
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
