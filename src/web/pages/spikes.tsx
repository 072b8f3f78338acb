import { Link } from 'wouter'
import type { SpikeSummary, SpikesView } from '../../contract/index.ts'
import { formatDuration } from '../../kernel/duration.ts'
import { paths } from '../api.ts'
import { formatCount, formatLost, formatMs, plural } from '../format.ts'
import { useNow } from '../live.ts'
import { Act } from '../parts/act.tsx'
import { type Fact, FactList } from '../parts/facts.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { Status } from '../parts/status.tsx'
import { TableHead } from '../parts/table-head.tsx'
import { Ago, Moment } from '../parts/time.tsx'

type Of = { readonly spike: SpikeSummary }

const twoHoursMs = 7_200_000

const Figures = ({ spike: { figures } }: Of) => (
  <span className="figure">
    {plural(figures.requests, 'request')}, {plural(figures.errors, 'error')},{' '}
    {formatLost(figures.lost, figures.requests)}
    {figures.p50 === undefined || figures.p99 === undefined
      ? null
      : `; p50 ${formatMs(figures.p50)}, p99 ${formatMs(figures.p99)}`}
  </span>
)

/** How long it still lives, and until when. */
function Left({ until }: { until: number }) {
  const now = useNow()
  return (
    <>
      {formatDuration(Math.max(0, until - now))} left, until <Moment at={until} />
    </>
  )
}

function Change({ spike: { change, service } }: Of) {
  if (!change) return null
  return (
    <>
      <Link href={`/services/${encodeURIComponent(service)}/changes/${change.commit}`}>{change.subject}</Link>{' '}
      <span className="quiet">from {change.branch}</span>
      {change.checks === undefined ? null : (
        <div>
          <Status of="inconclusive">checks did not all pass</Status>{' '}
          <span className="quiet">{change.checks}</span>
        </div>
      )}
    </>
  )
}

const Actions = ({ spike: { id, number, service, environment } }: Of) => (
  <div className="buttons">
    <Act
      service={service}
      environment={environment}
      action={{
        label: 'Close',
        effect: `everything of ${id} is taken away; question, answer and figures are kept`,
        command: `plimsoll try close ${service} ${number} --answer '…'`,
      }}
      wish={{ kind: 'close', spike: id }}
    />
    <Act
      service={service}
      environment={environment}
      action={{
        label: 'Extend',
        effect: `${id} lives for two hours from now`,
        command: `plimsoll try extend ${service} ${number} --for 2h`,
      }}
      wish={{ kind: 'extend', spike: id, lifeMs: twoHoursMs }}
    />
  </div>
)

const isEnding = ({ is }: SpikeSummary): boolean => is === 'closing' || is === 'left'

const factsOf = (spike: SpikeSummary): readonly Fact[] => [
  ['Address', spike.address && <a href={spike.address}>{spike.address}</a>],
  ['Time', spike.until !== undefined && <Left until={spike.until} />],
  ['Change', <Change key="change" spike={spike} />],
  ['Owner', spike.owner],
  ['Asked for', <Ago key="asked" at={spike.requestedAt} />],
  ['Requests', <Figures key="figures" spike={spike} />],
]

/** One that is not over: where it is, what it is for, and how long it lives. */
const Open = ({ spike }: Of) => (
  <section className="panel" aria-labelledby={spike.id}>
    <div className="headline">
      <h2 id={spike.id}>{spike.question ?? spike.environment}</h2>
      <span>
        {spike.environment} <Status of={spike.is} />
      </span>
    </div>
    {spike.is === 'open' && spike.text === 'open' ? null : <p className="said">{spike.text}</p>}
    <FactList facts={factsOf(spike)} />
    {isEnding(spike) ? null : <Actions spike={spike} />}
  </section>
)

function Answer({ spike }: Of) {
  const { answer, id, number, service, environment, question } = spike
  if (answer?.text !== undefined)
    return (
      <>
        {answer.text} <span className="quiet">{answer.by}</span>
      </>
    )
  if (question === undefined) return <span className="quiet">none was asked for</span>
  return (
    <Act
      service={service}
      environment={environment}
      action={{
        label: 'Answer',
        effect: `the answer is kept with the question and the figures of ${id}`,
        command: `plimsoll try close ${service} ${number} --answer '…'`,
      }}
      wish={{ kind: 'answer', spike: id }}
    />
  )
}

/** What earlier ones asked and found. */
const Closed = ({ of }: { of: readonly SpikeSummary[] }) => (
  <section className="panel">
    <h2>Closed</h2>
    <table className="rows">
      <caption className="unseen">Spikes that are over, with their answers</caption>
      <TableHead heads={['Spike', 'Question', 'Answer', 'Figures']} />
      <tbody>
        {of.map((spike) => (
          <tr key={spike.id}>
            <th scope="row">
              {spike.environment}
              <div className="quiet">
                {spike.owner}, <Ago at={spike.endedAt ?? spike.requestedAt} />
              </div>
            </th>
            <td data-label="Question">
              {spike.question ?? <Change spike={spike} />}
              <div className="quiet said">{spike.text}</div>
            </td>
            <td data-label="Answer">
              <Answer spike={spike} />
            </td>
            <td data-label="Figures">
              <Figures spike={spike} />
              {spike.reports.map(({ title, rows }, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: reports have no names, and their order stays
                <div key={i} className="quiet figure">
                  {title}: {rows.map(({ name, value }) => `${name} ${value}`).join(', ')}
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
)

function Spikes({ view }: { view: SpikesView }) {
  const closed = view.spikes.filter(({ is }) => is === 'closed')
  const open = view.spikes.filter(({ is }) => is !== 'closed')
  return (
    <>
      <ServiceNav service={view.service} page="Spikes" />
      <h1>Spikes of {view.service}</h1>
      <p className="quiet">
        {open.length === 0
          ? 'None is open'
          : `${formatCount(open.length)} of ${formatCount(view.atMost)} are open`}
        ; <code>plimsoll try --question '…'</code> gives a working tree or a commit an environment of its own.
      </p>
      {open.map((spike) => (
        <Open key={spike.id} spike={spike} />
      ))}
      {closed.length > 0 ? <Closed of={closed} /> : null}
    </>
  )
}

/** `/services/:service/spikes`: questions that are open, and what earlier ones answered. */
export const SpikesPage = ({ service }: { service: string }) => (
  <LookedUp<SpikesView> path={paths.spikes(service)} title={() => `Spikes of ${service} – Plimsoll`}>
    {(view) => <Spikes view={view} />}
  </LookedUp>
)
