import { Link } from 'wouter'
import type { EnvironmentRow } from '../../contract/index.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { headroomIn } from '../../contract/overview/standings.ts'
import { formatLost } from '../format.ts'
import { Act } from './act.tsx'
import { HealthCell } from './health-cell.tsx'
import { InStep } from './in-step.tsx'
import { LoadLineCell } from './load-line-cell.tsx'
import { LoadTests } from './load-tests.tsx'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'
import { Waiver } from './waiver.tsx'

function Release({ service, row }: { service: string; row: EnvironmentRow }) {
  if (!row.release) return <span className="quiet">nothing yet</span>
  const { commit, short, subject } = row.release
  return (
    <>
      <Link href={`/services/${encodeURIComponent(service)}/changes/${commit}`}>{subject || short}</Link>
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

/** Deployments that wait for a sign-off, the end of a freeze or the like: nobody is held up by them. */
const Waits = ({ row }: { row: EnvironmentRow }) => (
  <>
    {row.waits.map(({ deployment, text }) => (
      <div key={deployment} className="quiet">
        <Link href={`/deployments/${encodeURIComponent(deployment)}`}>{text}</Link>
      </div>
    ))}
  </>
)

/** Gates that hold nobody up for now: whoever looks at the environment is to know. */
const Waivers = ({ service, row }: { service: string; row: EnvironmentRow }) => (
  <>
    {row.waivers.map((waiver) => (
      <div key={waiver.gate} className="quiet waiver">
        <Waiver
          service={service}
          environment={row.name}
          waiver={waiver}
          said={`gate ${waiver.gate} waived`}
        />
      </div>
    ))}
  </>
)

function linkText({ status, deployment }: EnvironmentRow): string {
  if (!deployment) return 'Last deployment'
  return status.is === 'held' ? 'Decide about the deployment' : 'Watch the deployment'
}

function Standing({ service, row }: { service: string; row: EnvironmentRow }) {
  const target = row.deployment ?? row.lastDeployment?.id
  return (
    <>
      <Status of={row.status.is} />
      {row.instances.wanted === 0 ? null : (
        <span className="figure">
          {' '}
          {row.instances.ready} of {row.instances.wanted}
          <span className="unseen"> ready</span>
        </span>
      )}
      {row.status.is === 'steady' || row.status.is === 'asleep' ? null : (
        <div className="quiet">{row.status.text}</div>
      )}
      <InStep row={row} />
      <Lock row={row} />
      {target ? (
        <div>
          <Link href={`/deployments/${encodeURIComponent(target)}`}>
            {linkText(row)}
            <span className="unseen"> of {row.name}</span>
          </Link>
        </div>
      ) : null}
      <Waits row={row} />
      <Waivers service={service} row={row} />
    </>
  )
}

/** Of an environment that measures, what it found; of one that takes requests, how near they come to it. */
function LoadLine({ service, row, sights }: { service: string; row: EnvironmentRow; sights: Sights }) {
  const headroom = headroomIn(sights, { service, environment: row.name })
  return (
    <>
      {headroom ? <LoadLineCell of={headroom} /> : null}
      <LoadTests row={row} />
      {headroom || row.loadTests ? null : '–'}
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
          // What was refused already is no advice.
          strong={row.next.tried === undefined}
        />
      ) : null}
      {row.rollback ? (
        <Act service={service} environment={row.name} action={row.rollback} wish={{ kind: 'rollback' }} />
      ) : null}
    </div>
  )
}

const requestsText = ({ ledger }: EnvironmentRow): string => {
  if (!ledger) return '–'
  return ledger.accepted === 0 ? 'none yet' : formatLost(ledger.lost, ledger.accepted)
}

/** Where it is narrow it is broken before its port, not within it. */
function Address({ of }: { of: string }) {
  const [, host, port] = /^http:\/\/(.*?)(:\d+)?$/.exec(of) ?? []
  return (
    <a href={of}>
      {host ?? of}
      <wbr />
      {port}
    </a>
  )
}

/** What runs in an environment, how it is and will be, what goes on there, and what can be done about it. */
export function EnvironmentEntry({
  service,
  row,
  sights,
}: {
  service: string
  row: EnvironmentRow
  sights: Sights
}) {
  return (
    <tr>
      <th scope="row">
        {row.name}
        {row.address ? (
          <div className="quiet">
            <Address of={row.address} />
          </div>
        ) : null}
      </th>
      <td data-label="Release">
        <Release service={service} row={row} />
      </td>
      <td data-label="Status">
        <Standing service={service} row={row} />
      </td>
      <td data-label="Health">
        <HealthCell service={service} environment={row.name} sights={sights} />
      </td>
      <td data-label="Load line">
        <LoadLine service={service} row={row} sights={sights} />
      </td>
      <td data-label="Requests" className="figure">
        {requestsText(row)}
      </td>
      <td data-label="Actions">
        <Actions service={service} row={row} />
      </td>
    </tr>
  )
}
