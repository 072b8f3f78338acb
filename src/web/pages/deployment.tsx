import { Link } from 'wouter'
import type { DeploymentView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { formatCount, formatExactly, formatMs, formatShare, formatTook } from '../format.ts'
import { Act } from '../parts/act.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { Status } from '../parts/status.tsx'
import { Ago, Moment } from '../parts/time.tsx'

type Fleet = DeploymentView['fleets'][number]

/** Its stages, one after the other; the current one is marked and says what it waits for. */
const Rail = ({ view }: { view: DeploymentView }) => (
  <section className="panel">
    <h2>Stages</h2>
    <ol className="rail">
      {view.rail.map((step, i) => (
        // A stage may come twice, on the way forth and on the way back: its place is its name.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={i} className={step.standing} aria-current={step.standing === 'running' ? 'step' : undefined}>
          <Status of={step.standing}>
            <span className="unseen">{step.standing}: </span>
            {step.title}
          </Status>
          <span className="quiet figure"> {formatTook(step.at, step.endedAt)}</span>
          {step.because ? <div className="quiet">{step.because}</div> : null}
        </li>
      ))}
    </ol>
  </section>
)

function Figures({ fleet, total }: { fleet: Fleet; total: number }) {
  const { ledger, latency } = fleet
  const rows: readonly (readonly [string, string])[] = [
    ['Wanted share', total > 0 ? formatShare(fleet.wantedWeight / total) : '–'],
    ['Actual share', fleet.actualShare === undefined ? '–' : formatShare(fleet.actualShare)],
    ['Serving', `${fleet.serving} of ${fleet.size}`],
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

const Instances = ({ fleet }: { fleet: Fleet }) => (
  <ul className="plain">
    {fleet.instances.map((instance) => (
      <li key={instance.id}>
        <Status of={instance.phase} /> <code>{instance.id.slice(instance.id.lastIndexOf('/') + 1)}</code>
        {instance.port === undefined ? null : <span className="quiet"> port {instance.port}</span>}
        {instance.because ? <div className="quiet">{instance.because}</div> : null}
      </li>
    ))}
  </ul>
)

const FleetPanel = ({ view, fleet, total }: { view: DeploymentView; fleet: Fleet; total: number }) => (
  <section className={`panel fleet ${fleet.role}`}>
    <h2>{fleet.role === 'new' ? 'New release' : 'Live release'}</h2>
    <p>
      <Link href={`/services/${encodeURIComponent(view.service)}/changes/${fleet.release.commit}`}>
        {fleet.release.subject || fleet.release.short}
      </Link>{' '}
      <code>{fleet.release.short}</code>
    </p>
    <Figures fleet={fleet} total={total} />
    <Instances fleet={fleet} />
  </section>
)

type Gate = DeploymentView['gates'][number]

/** A gate that waits is at work: what it looks at is being measured. */
const GateRow = ({ gate }: { gate: Gate }) => (
  <li>
    <Status of={gate.is === 'waiting' ? 'running' : gate.is}>{gate.is}</Status> {gate.name}
    {gate.link ? (
      <>
        {' '}
        <Link href={gate.link}>
          See the comparison<span className="unseen"> of {gate.name}</span>
        </Link>
      </>
    ) : null}
    {gate.reasons.map(({ text }) => (
      <div key={text} className="quiet">
        {text}
      </div>
    ))}
    {gate.waiver ? (
      <div>
        <Status of="waived">let through</Status> by {gate.waiver.owner} until{' '}
        <Moment at={gate.waiver.until} />: {gate.waiver.reason}
      </div>
    ) : null}
  </li>
)

const Gates = ({ view }: { view: DeploymentView }) =>
  view.gates.length === 0 ? null : (
    <section className="panel">
      <h2>Gates</h2>
      <ul className="plain">
        {view.gates.map((gate) => (
          <GateRow key={gate.name} gate={gate} />
        ))}
      </ul>
    </section>
  )

const LostRequests = ({ view }: { view: DeploymentView }) =>
  view.lostRequests.length === 0 ? null : (
    <section className="panel">
      <h2>Requests that were lost</h2>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Instance</th>
            <th scope="col">Why</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {view.lostRequests.map((one) => (
            <tr key={`${one.at} ${one.instance} ${one.path}`}>
              <th scope="row">
                {one.method} {one.path}
              </th>
              <td data-label="Instance">{one.instance}</td>
              <td data-label="Why">{one.because}</td>
              <td data-label="When">{formatExactly(one.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )

const Verified = ({ view }: { view: DeploymentView }) =>
  view.verified ? (
    <p>
      <Status of={view.verified.same ? 'passed' : 'failed'}>
        {view.verified.same
          ? `What runs in ${view.verified.found.length} instances was compared with the release: it is the same`
          : 'What runs is not the release that was asked for'}
      </Status>
    </p>
  ) : null

function Deployment({ view }: { view: DeploymentView }) {
  const total = view.fleets.reduce((sum, fleet) => sum + fleet.wantedWeight, 0)
  return (
    <>
      <p className="crumbs">
        <Link href="/">Services</Link> / {view.service} / {view.environment}
      </p>
      <div className="headline">
        <h1>
          {view.kind === 'rollback' ? 'Rollback' : 'Deployment'} of {view.to.subject || view.to.short} to{' '}
          {view.environment}
        </h1>
        {view.rollback ? (
          <Act
            service={view.service}
            environment={view.environment}
            action={view.rollback}
            wish={{ kind: 'rollback' }}
          />
        ) : null}
      </div>
      <p aria-live="polite">
        <Status of={view.standing} /> {view.text}
      </p>
      <p className="quiet">
        {view.strategy}, ordered by {view.actor}, <Ago at={view.startedAt} />
      </p>
      {view.reasons.length > 0 ? (
        <div className="panel summary">
          <h2>Why</h2>
          <ul>
            {view.reasons.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </div>
      ) : null}
      <Verified view={view} />
      <div className="columns">
        <Rail view={view} />
        <div className="fleets">
          {view.fleets.map((fleet) => (
            <FleetPanel key={fleet.fleet} view={view} fleet={fleet} total={total} />
          ))}
        </div>
      </div>
      <Gates view={view} />
      <LostRequests view={view} />
    </>
  )
}

/** One deployment: its stages, both releases side by side, what became of every request. */
export const DeploymentPage = ({ id }: { id: string }) => (
  <LookedUp<DeploymentView>
    path={paths.deployment(id)}
    title={(view) => `${view.standing}: ${view.service} ${view.environment} – Plimsoll`}
  >
    {(view) => <Deployment view={view} />}
  </LookedUp>
)
