import { Link } from 'wouter'
import type { AlertRow } from '../../contract/index.ts'
import { asSentence } from '../format.ts'
import { type Fact, FactList } from './facts.tsx'
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

const Sentences = ({ title, all }: { readonly title: string; readonly all: readonly string[] }) =>
  all.length === 0 ? null : (
    <>
      <p className="quiet">{title}</p>
      <ul>
        {all.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  )

/** One alert: what burns, what changed since it was well, and what to do first. */
function Alert({ of, onSilence }: Of & { readonly onSilence: () => void }) {
  const { service, environment, slo, window, severity, text, next, changes, quiet, evidence = [] } = of
  const id = `alert-${service}-${environment}-${slo}-${window}`.replaceAll(/[^\w-]/g, '-')
  return (
    <li className={`panel alert ${severity}`}>
      <div className="headline">
        <h3 id={id}>
          <Status of={severity === 'page' ? 'failed' : 'inconclusive'}>{words[severity]}</Status>{' '}
          <Link href={`/services/${encodeURIComponent(service)}/health`}>
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
      <p>{asSentence(text)}</p>
      {quiet === undefined ? null : (
        <p>
          <Status of="skipped">Kept quiet: {quiet}</Status>
        </p>
      )}
      <FactList facts={factsOf(of)} />
      <p>
        <strong>Next:</strong> {asSentence(next)}
      </p>
      <Sentences title="Known by:" all={evidence} />
      <Sentences title="Changed since it was well:" all={changes} />
    </li>
  )
}

/** What fires, pages first. */
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
      {alerts.map((one) => (
        <Alert
          key={`${one.service} ${one.environment} ${one.slo} ${one.window}`}
          of={one}
          onSilence={() => onSilence(one)}
        />
      ))}
    </ul>
  )
