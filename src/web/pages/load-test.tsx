import { Link } from 'wouter'
import type { LoadTestView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { formatTook } from '../format.ts'
import { type Fact, FactList } from '../parts/facts.tsx'
import { LinkedText } from '../parts/linked-text.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { Status } from '../parts/status.tsx'
import { Ago } from '../parts/time.tsx'
import { LatencyFigure } from '../plots/latency-figure.tsx'

type View = { readonly view: LoadTestView }

const causes = {
  deployment: 'after a deployment',
  schedule: 'by its schedule',
  person: 'on demand',
} as const satisfies Record<LoadTestView['cause'], string>

const Asked = ({ view: { service, cause, actor, reason, requestedAt, startedAt, endedAt } }: View) => {
  const took = formatTook(startedAt, endedAt)
  return (
    <p className="quiet">
      {causes[cause]}, by {actor}: <LinkedText text={reason} service={service} />; <Ago at={requestedAt} />
      {took ? `; took ${took}` : ''}
    </p>
  )
}

/** What is not known is left out. */
function Facts({ view: { service, release, change, guest, place, line, counts, doubts } }: View) {
  const doubted = doubts.length > 0 ? `no: ${doubts.join('; ')}` : 'yes'
  const butFor = guest?.butFor ?? []
  const facts: readonly Fact[] = [
    [
      'Release',
      release && (
        <Link
          key="release"
          href={`/services/${encodeURIComponent(service)}/changes/${encodeURIComponent(release.commit)}`}
        >
          {release.subject || release.short}
        </Link>
      ),
    ],
    [
      'Built from',
      change && (
        <Link
          key="change"
          href={`/services/${encodeURIComponent(service)}/changes/${encodeURIComponent(change.commit)}`}
        >
          {change.subject}, of {change.branch}
        </Link>
      ),
    ],
    ['Brought in the place of', guest && (guest.instead.subject || guest.instead.short)],
    ['What ran before', guest?.text],
    ['Counts for the environment', counts === undefined ? undefined : doubted],
    ['In step but for', butFor.length === 0 ? undefined : butFor.join('; ')],
    ['Limited by', line?.limitedBy],
    ['Where', place],
  ]
  return <FactList facts={facts} />
}

/** From freeze to thaw; the current step is marked, and says what it waits for. */
const Rail = ({ view: { rail, progress } }: View) => (
  <section className="panel">
    <h2>Life of the environment</h2>
    <ol className="rail">
      {rail.map(({ title, standing, at, endedAt, because }, i) => {
        const more = standing === 'running' ? (progress ?? because) : because
        return (
          // A command may be tried again: its place is its name.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={i} className={standing} aria-current={standing === 'running' ? 'step' : undefined}>
            <Status of={standing}>
              <span className="unseen">{standing}: </span>
              {title}
            </Status>
            <span className="quiet figure"> {formatTook(at, endedAt)}</span>
            {more ? <div className="quiet">{more}</div> : null}
          </li>
        )
      })}
    </ol>
  </section>
)

const Why = ({ view: { reasons, standing } }: View) =>
  reasons.length === 0 ? null : (
    <section className={`panel summary ${standing}`}>
      <h2>Why</h2>
      <ul>
        {reasons.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  )

const LoadTest = ({ view }: View) => (
  <>
    <ServiceNav service={view.service} rest={[view.environment, 'load test']} />
    <h1 className="long">Load test of {view.environment}</h1>
    <p aria-live="polite">
      <Status of={view.standing} /> {view.text}
    </p>
    <Asked view={view} />
    <Facts view={view} />
    <Why view={view} />
    {view.line && view.line.curve.length > 1 ? (
      <LatencyFigure line={view.line} finding={view.text} file={`load-line-${view.id}`} />
    ) : null}
    <Rail view={view} />
  </>
)

/** One load test of an environment: what it found, whether that counts, and the life around it. */
export const LoadTestPage = ({ id }: { id: string }) => (
  <LookedUp<LoadTestView>
    path={paths.loadTest(id)}
    title={(view) => `${view.standing}: load test of ${view.service} ${view.environment} – Plimsoll`}
  >
    {(view) => <LoadTest view={view} />}
  </LookedUp>
)
