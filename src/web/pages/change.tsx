import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { ChangeView, JobView, RunView, StepView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { formatTook, plural } from '../format.ts'
import { Comparisons } from '../parts/comparisons.tsx'
import { LogView } from '../parts/log.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { Status } from '../parts/status.tsx'
import { Ago } from '../parts/time.tsx'
import { Waterfall } from '../parts/waterfall.tsx'

/** More jobs than somebody reads one after the other. */
const most = 8

const isBad = (standing: string): boolean => standing === 'failed' || standing === 'inconclusive'

/** The step whose output explains best: the first that went wrong, else the one that runs, else none. */
function telling(run: RunView): string | undefined {
  const steps = run.jobs.flatMap((job) => job.steps)
  return (steps.find((step) => isBad(step.standing)) ?? steps.find((step) => step.standing === 'running'))?.id
}

function Summary({ run }: { run: RunView }) {
  if (!isBad(run.standing)) return null
  const failures = run.jobs.flatMap((job) => job.tests?.failures ?? [])
  return (
    <section className="panel summary" aria-label="Why it did not pass">
      <h3>
        <Status of={run.standing}>{run.text}</Status>
      </h3>
      <ul>
        {run.reasons
          .filter(({ text, next }) => next !== undefined || text !== run.text)
          .map(({ text, next }) => (
            <li key={text}>
              {text} {next ? <span className="quiet">{next}</span> : null}
            </li>
          ))}
        {failures.slice(0, 10).map(({ name, message }) => (
          <li key={name}>
            <strong>{name}</strong>
            <pre className="message">{message}</pre>
          </li>
        ))}
      </ul>
    </section>
  )
}

/**
 * Every try has its own log; more than one is said, not hidden. A log is read once it is looked at: a browser holds
 * few connections to one server. What was opened stays open: nothing moves under who reads it.
 */
function Step({ run, step, telling }: { run: string; step: StepView; telling: boolean }) {
  const [open, setOpen] = useState(telling)
  useEffect(() => {
    if (telling) setOpen(true)
  }, [telling])
  const last = step.tries.at(-1)
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Status of={step.standing} /> <span className="title">{step.title}</span>{' '}
          <span className="quiet figure">
            {step.tries.length > 1 ? `${step.tries.length} tries, ` : ''}
            {formatTook(last?.startedAt, last?.endedAt)}
          </span>
          {last?.because ? <span className="quiet"> {last.because}</span> : null}
        </summary>
        {(open ? step.tries : []).map((attempt, i) => (
          <LogView
            key={attempt.id}
            run={run}
            attempt={attempt.id}
            name={`${step.title}${step.tries.length > 1 ? `, try ${i + 1}` : ''}`}
            live={attempt.standing === 'running'}
          />
        ))}
        {step.tries.length === 0 ? <p className="quiet">It has not run.</p> : null}
      </details>
    </li>
  )
}

/** What it waited for, what its tests said, and what else is to be known of it. */
function aboutJob({ needs, tests, because, standing }: JobView): string {
  const parts = [
    needs.length > 0 ? `after ${needs.join(', ')}` : '',
    tests ? `${plural(tests.passed, 'test')} passed, ${tests.failed} failed, ${tests.skipped} skipped` : '',
    // Why it failed stands above all jobs.
    isBad(standing) ? '' : (because ?? ''),
  ]
  return parts.filter((part) => part !== '').join('; ')
}

const Steps = ({ run, job, open }: { run: string; job: JobView; open: string | undefined }) => (
  <>
    <p className="quiet">{aboutJob(job)}</p>
    <ol className="steps">
      {job.steps.map((step) => (
        <Step key={step.id} run={run} step={step} telling={step.id === open} />
      ))}
    </ol>
  </>
)

const headOf = (run: string, job: JobView) => (
  <h3 id={`${run}-${job.name}`}>
    {job.name} <Status of={job.standing} />{' '}
    <span className="quiet figure">{formatTook(job.startedAt, job.endedAt)}</span>
  </h3>
)

/** Of many jobs, those that passed are a line each; one that runs and passes stays open under who reads it. */
function Job({
  run,
  job,
  open,
  isOneOfMany,
}: {
  run: string
  job: JobView
  open: string | undefined
  isOneOfMany: boolean
}) {
  const isTelling = job.steps.some(({ id }) => id === open)
  const [isOpen, setOpen] = useState(isTelling)
  useEffect(() => {
    if (isTelling) setOpen(true)
  }, [isTelling])
  const steps = <Steps run={run} job={job} open={open} />
  return (
    <section className="job" aria-labelledby={`${run}-${job.name}`}>
      {isOneOfMany ? (
        <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{headOf(run, job)}</summary>
          {steps}
        </details>
      ) : (
        <>
          {headOf(run, job)}
          {steps}
        </>
      )}
    </section>
  )
}

function Views() {
  const [query, setQuery] = useSearchParams()
  const view = query.get('view') === 'waterfall' ? 'waterfall' : 'steps'
  return (
    <fieldset className="views">
      <legend className="unseen">Show jobs as</legend>
      {(['steps', 'waterfall'] as const).map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="view"
            checked={view === one}
            onChange={() => setQuery(one === 'steps' ? {} : { view: one }, { replace: true })}
          />{' '}
          {one}
        </label>
      ))}
    </fieldset>
  )
}

function Run({ run }: { run: RunView }) {
  const [query] = useSearchParams()
  const open = telling(run)
  return (
    <section className="panel">
      <h2>
        Run {run.id} <Status of={run.standing} />
      </h2>
      <p>
        {isBad(run.standing) ? null : `${run.text} `}
        <span className="quiet">
          by {run.actor}, <Ago at={run.startedAt} />
        </span>
      </p>
      <Summary run={run} />
      {run.jobs.length > 0 ? <Views /> : null}
      {query.get('view') === 'waterfall' ? (
        <Waterfall run={run} />
      ) : (
        run.jobs.map((job) => (
          <Job key={job.name} run={run.id} job={job} open={open} isOneOfMany={run.jobs.length > most} />
        ))
      )}
    </section>
  )
}

const Release = ({ run }: { run: RunView }) =>
  run.release ? (
    <section className="panel">
      <h2>Release</h2>
      <p>
        <code className="long">{run.release.digest}</code>
      </p>
    </section>
  ) : null

const Load = ({ view }: { view: ChangeView }) =>
  view.comparisons.length === 0 ? null : (
    <section className="panel">
      <h2>Load</h2>
      <Comparisons of={view.comparisons} name={({ environment }) => environment} />
    </section>
  )

const Deployments = ({ view }: { view: ChangeView }) =>
  view.deployments.length === 0 ? null : (
    <section className="panel">
      <h2>Deployments</h2>
      <ul className="plain">
        {view.deployments.map((one) => (
          <li key={one.id}>
            <Status of={one.standing} />{' '}
            <Link href={`/deployments/${encodeURIComponent(one.id)}`}>{one.environment}</Link>: {one.text}{' '}
            <span className="quiet">
              <Ago at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )

function Change({ view }: { view: ChangeView }) {
  const { change, runs } = view
  return (
    <>
      <ServiceNav service={change.service} rest={[change.short]} />
      <h1>{change.subject}</h1>
      <p className="quiet">
        <code>{change.short}</code> on {change.branch} by {change.author}, <Ago at={change.at} />
      </p>
      {runs.map((run) => (
        <Run key={run.id} run={run} />
      ))}
      {runs[0] ? <Release run={runs[0]} /> : null}
      <Load view={view} />
      <Deployments view={view} />
    </>
  )
}

/** One change on one address: its runs, its release, where it went. */
export const ChangePage = ({ service, id }: { service: string; id: string }) => (
  <LookedUp<ChangeView>
    path={paths.change(service, id)}
    title={({ change }) => `${change.subject} – ${service} – Plimsoll`}
  >
    {(view) => <Change view={view} />}
  </LookedUp>
)
