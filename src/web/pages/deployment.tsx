import type { DeploymentView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { formatCount, formatTook } from '../format.ts'
import { Act } from '../parts/act.tsx'
import { FleetPanel, Release } from '../parts/fleet.tsx'
import { Gates } from '../parts/gates.tsx'
import { Held, Judge, Plan } from '../parts/judge.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { LostRequests } from '../parts/lost-requests.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { Status } from '../parts/status.tsx'
import { Ago } from '../parts/time.tsx'
import { RatiosFigure } from '../plots/ratios-figure.tsx'

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
          {/* What is said above is said once. */}
          {step.because && ![view.judge?.sentence, view.held?.because].includes(step.because) ? (
            <div className="quiet">{step.because}</div>
          ) : null}
        </li>
      ))}
    </ol>
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

/** What the judge says is said by the judge. */
function Why({ view }: { view: DeploymentView }) {
  const reasons = view.reasons.filter(({ text }) => text !== view.judge?.sentence)
  if (reasons.length === 0) return null
  return (
    <div className="panel summary">
      <h2>Why</h2>
      <ul>
        {reasons.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}

/** Where nobody asked anything there is nothing to draw. */
const Ratios = ({ view: { id, judge } }: { view: DeploymentView }) =>
  judge && judge.metrics.length > 0 && judge.requests.canary + judge.requests.live > 0 ? (
    <RatiosFigure judge={judge} file={`judge-${id}`} />
  ) : null

function Standing({ view }: { view: DeploymentView }) {
  const { held, standing, text, ledger } = view
  const [status, said] = held
    ? [
        'held',
        `until a person decides; ${formatCount(ledger.lost)} of ${formatCount(ledger.accepted)} requests lost`,
      ]
    : [standing, text]
  return (
    <p aria-live="polite">
      <Status of={status} /> {said}
    </p>
  )
}

/** What happened, and to which instances; of one that has not begun there is only what was to be deployed. */
function Course({ view }: { view: DeploymentView }) {
  const total = view.fleets.reduce((sum, fleet) => sum + fleet.wantedWeight, 0)
  if (view.rail.length === 0)
    return (
      <p>
        New release: <Release view={view} release={view.to} />
      </p>
    )
  return (
    <div className="columns">
      <div>
        <Rail view={view} />
        <Plan view={view} />
      </div>
      <div>
        <div className="fleets">
          {view.fleets.map((fleet) => (
            <FleetPanel key={fleet.fleet} view={view} fleet={fleet} total={total} />
          ))}
        </div>
        <Ratios view={view} />
      </div>
    </div>
  )
}

function Deployment({ view }: { view: DeploymentView }) {
  return (
    <>
      <ServiceNav service={view.service} rest={[view.environment, view.kind]} />
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
      <Standing view={view} />
      <p className="quiet">
        {view.strategy}, ordered by {view.actor}, <Ago at={view.startedAt} />
      </p>
      {view.fix ? (
        <p>
          A fix, says {view.actor}: {view.fix}
        </p>
      ) : null}
      <Held view={view} />
      <Why view={view} />
      <Verified view={view} />
      <Judge view={view} />
      <Course view={view} />
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
