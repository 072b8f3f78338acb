import { Link } from 'wouter'
import type { AlertRow } from '../../contract/index.ts'
import { forecastHref, healthHref } from '../../contract/overview/addresses.ts'
import { type FiringCard, firingCards } from '../../contract/overview/firing-cards.ts'
import { asSentence } from '../format.ts'
import { type Fact, FactList } from './facts.tsx'
import { LinkedText } from './linked-text.tsx'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

type Of = { readonly of: AlertRow }

const words = { page: 'Page', ticket: 'Ticket' } as const

function Told({ of: { toldAt, toldTo = [] } }: Of) {
  if (toldAt === undefined) return <>nobody</>
  return (
    <>
      {toldTo.join(', ') || 'no notifier wants to hear of it'} <Ago at={toldAt} />
    </>
  )
}

const factsOf = (of: AlertRow): readonly Fact[] => [
  ['Fires since', <Ago key="fires" at={of.firedAt} />],
  ['Last well', of.healthyAt !== undefined && <Ago key="well" at={of.healthyAt} />],
  ['Told', <Told key="told" of={of} />],
  // A job has no window, and what is seen coming looks ahead.
  ['Looks back', of.window !== 'job' && of.window !== 'forecast' && of.window],
  ['Owner', of.owner],
]

const Sentences = ({
  title,
  all,
  service,
}: {
  readonly title: string
  readonly all: readonly string[]
  readonly service: string
}) =>
  all.length === 0 ? null : (
    <>
      <p className="quiet">{title}</p>
      <ul>
        {all.map((one) => (
          <li key={one}>
            <LinkedText text={one} service={service} />
          </li>
        ))}
      </ul>
    </>
  )

/** What one window of it sees. */
const Window = ({ of, isNamed }: Of & { readonly isNamed: boolean }) => (
  <div className="window">
    <p>
      {isNamed ? <strong>{words[of.severity]}: </strong> : null}
      {asSentence(of.text)}
    </p>
    {of.quiet === undefined ? null : (
      <p>
        <Status of="skipped">Kept quiet: {of.quiet}</Status>
      </p>
    )}
    <FactList facts={factsOf(of)} />
  </div>
)

const once = (all: readonly string[]): readonly string[] => [...new Set(all)]

/** What burns in one place, as each window sees it; what changed since it was well, and what to do first, each once. */
function Card({
  of: { first, all },
  onSilence,
}: {
  readonly of: FiringCard
  readonly onSilence: () => void
}) {
  const { service, environment, slo, severity } = first
  const id = `alert-${service}-${environment}-${slo}`
  const changes = once(all.flatMap((one) => one.changes))
  const evidence = once(all.flatMap((one) => one.evidence ?? []))
  return (
    <li className={`panel alert ${severity}`}>
      <div className="headline">
        <h3 id={id}>
          <Status of={severity === 'page' ? 'failed' : 'inconclusive'}>{words[severity]}</Status>{' '}
          <Link href={healthHref(first)}>
            {environment} of {service}
          </Link>
        </h3>
        <button type="button" onClick={onSilence} aria-describedby={id}>
          Silence
          <span className="unseen">
            {' '}
            {slo} in {environment} of {service}
          </span>
        </button>
      </div>
      {all.map((one) => (
        <Window key={one.window} of={one} isNamed={one.severity !== severity} />
      ))}
      {all.some(({ window }) => window === 'forecast') ? (
        <p>
          <Link href={forecastHref(first)}>
            Forecast
            <span className="unseen">
              {' '}
              of {environment} of {service}
            </span>
          </Link>
        </p>
      ) : null}
      {once(all.map(({ next }) => next)).map((next) => (
        <p key={next}>
          <strong>Next:</strong> {asSentence(next)}
        </p>
      ))}
      <Sentences title="Known by:" all={evidence} service={service} />
      <Sentences title="Changed since it was well:" all={changes} service={service} />
    </li>
  )
}

/** What fires, pages first: one card for each SLO, or job, in each place. */
export const Firing = ({
  alerts,
  onSilence,
}: {
  readonly alerts: readonly AlertRow[]
  readonly onSilence: (of: AlertRow) => void
}) =>
  alerts.length === 0 ? (
    <p>
      <Status of="passed">No alert fires</Status>
    </p>
  ) : (
    <ul className="plain" aria-label="Alerts that fire">
      {firingCards(alerts).map((card) => (
        <Card key={card.key} of={card} onSilence={() => onSilence(card.first)} />
      ))}
    </ul>
  )
