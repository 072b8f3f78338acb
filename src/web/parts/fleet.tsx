import { Link } from 'wouter'
import type { DeploymentView } from '../../contract/index.ts'
import { formatCount, formatMs, formatSize } from '../format.ts'
import { Status } from './status.tsx'

type Fleet = DeploymentView['fleets'][number]

function Figures({ view, fleet, total }: { view: DeploymentView; fleet: Fleet; total: number }) {
  const { ledger, latency } = fleet
  const share = fleet.actualShare === undefined ? '–' : formatSize(fleet.actualShare)
  // Once it is over what is wanted and serves is that of another deployment.
  const standing: readonly (readonly [string, string])[] =
    view.endedAt === undefined
      ? [
          ['Wanted share', total > 0 ? formatSize(fleet.wantedWeight / total) : '–'],
          ['Actual share', share],
          ['Serving', `${fleet.serving} of ${fleet.size}`],
        ]
      : [['Share of all requests', share]]
  const rows: readonly (readonly [string, string])[] = [
    ...standing,
    ['Requests', ledger ? formatCount(ledger.accepted) : '–'],
    ['Errors answered', ledger ? formatCount(ledger.errors) : '–'],
    ['Lost', ledger ? formatCount(ledger.lost) : '–'],
    ...(['p50', 'p95', 'p99'] as const).map((q) => [q, latency ? formatMs(latency[q]) : '–'] as const),
  ]
  return (
    <table className="figures">
      <caption className="unseen">Figures of the {fleet.role === 'new' ? 'new' : 'live'} release</caption>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="figure">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** So many that are ready are listed; of more, only the others are looked for. */
const most = 8

const Instances = ({ of }: { of: Fleet['instances'] }) => (
  <ul className="plain">
    {of.map((instance) => (
      <li key={instance.id}>
        <Status of={instance.phase} /> <code>{instance.id.slice(instance.id.lastIndexOf('/') + 1)}</code>
        {instance.port === undefined ? null : <span className="quiet"> port {instance.port}</span>}
        {instance.because ? <div className="quiet">{instance.because}</div> : null}
      </li>
    ))}
  </ul>
)

function AllInstances({ fleet: { role, instances } }: { fleet: Fleet }) {
  const ready = instances.filter(({ phase }) => phase === 'ready')
  if (ready.length <= most) return <Instances of={instances} />
  return (
    <>
      <Instances of={instances.filter(({ phase }) => phase !== 'ready')} />
      <details>
        <summary>
          <Status of="ready">{ready.length} ready</Status>
          <span className="unseen">: instances of the {role === 'new' ? 'new' : 'live'} release</span>
        </summary>
        <Instances of={ready} />
      </details>
    </>
  )
}

/** A release by its change, and by its digest. */
export const Release = ({ view, release }: { view: DeploymentView; release: Fleet['release'] }) => (
  <>
    <Link href={`/services/${encodeURIComponent(view.service)}/changes/${release.commit}`}>
      {release.subject || release.short}
    </Link>{' '}
    <code>{release.short}</code>
  </>
)

/** One of the two fleets of a deployment: its share, its ledger, its instances. */
export const FleetPanel = ({ view, fleet, total }: { view: DeploymentView; fleet: Fleet; total: number }) => (
  <section className={`panel fleet ${fleet.role}`}>
    <h2>{fleet.role === 'new' ? 'New release' : 'Live release'}</h2>
    <p>
      <Release view={view} release={fleet.release} />
    </p>
    {view.takesRequests ? <Figures view={view} fleet={fleet} total={total} /> : null}
    <AllInstances fleet={fleet} />
  </section>
)
