import type { ServiceRow } from '../../contract/index.ts'
import { Status } from './status.tsx'
import { Ago, Moment } from './time.tsx'

type Notifier = ServiceRow['notifiers'][number]

function Standing({ notifier: { failing, lost, waits, deliveredAt } }: { notifier: Notifier }) {
  if (failing)
    return (
      <Status of="failed">
        not reached since <Moment at={failing.since} />: {failing.because}, {failing.tries} tries, {waits} on
        the way
      </Status>
    )
  if (lost > 0) return <Status of="inconclusive">{lost} given up</Status>
  if (deliveredAt === undefined) return <>nothing was told yet</>
  return (
    <>
      reached <Ago at={deliveredAt} />
    </>
  )
}

/** Who is told of what happens, and whether that arrives. */
export const Notifiers = ({ service: { name, notifiers } }: { service: ServiceRow }) =>
  notifiers.length === 0 ? null : (
    <ul className="plain quiet notifiers" aria-label={`Notifiers of ${name}`}>
      {notifiers.map((notifier) => (
        <li key={notifier.name}>
          Notifier {notifier.name}: <Standing notifier={notifier} />
        </li>
      ))}
    </ul>
  )
