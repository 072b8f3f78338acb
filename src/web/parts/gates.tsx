import { Link } from 'wouter'
import type { DeploymentView } from '../../contract/index.ts'
import { Act } from './act.tsx'
import { Status } from './status.tsx'
import { Waiver } from './waiver.tsx'

type Gate = DeploymentView['gates'][number]

/** A gate that waits is at work: what it looks at is being measured. */
const GateRow = ({ view, gate }: { view: DeploymentView; gate: Gate }) => (
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
    {gate.output ? (
      <>
        {' '}
        <a href={gate.output}>
          Whole output<span className="unseen"> of {gate.name}</span>
        </a>
      </>
    ) : null}
    {gate.reasons.map(({ text }) => (
      <div key={text} className="quiet">
        {text}
      </div>
    ))}
    {gate.action ? (
      <div>
        <Act
          service={view.service}
          environment={view.environment}
          action={gate.action}
          wish={{ kind: 'signOff', release: view.to.digest }}
        />
      </div>
    ) : null}
    {gate.waive ? (
      <div className="waiver">
        <Act
          service={view.service}
          environment={view.environment}
          action={gate.waive}
          wish={{ kind: 'waive', gate: gate.name }}
        />
      </div>
    ) : null}
    {gate.waiver ? (
      <div className="waiver">
        <Waiver
          service={view.service}
          environment={view.environment}
          waiver={gate.waiver}
          said="let through"
        />
      </div>
    ) : null}
  </li>
)

/** The conditions that it had to meet before it began. */
export const Gates = ({ view }: { view: DeploymentView }) =>
  view.gates.length === 0 ? null : (
    <section className="panel">
      <h2>Gates</h2>
      <ul className="plain">
        {view.gates.map((gate) => (
          <GateRow key={gate.name} view={view} gate={gate} />
        ))}
      </ul>
    </section>
  )
