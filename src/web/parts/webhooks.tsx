import type { ServiceRow } from '../../contract/index.ts'
import { Status } from './status.tsx'
import { Ago, Moment } from './time.tsx'

type Webhook = ServiceRow['webhooks'][number]

function Standing({ webhook: { failing, lost, waits, deliveredAt } }: { webhook: Webhook }) {
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
export const Webhooks = ({ service: { name, webhooks } }: { service: ServiceRow }) =>
  webhooks.length === 0 ? null : (
    <ul className="plain quiet webhooks" aria-label={`Webhooks of ${name}`}>
      {webhooks.map((webhook) => (
        <li key={webhook.name}>
          Webhook {webhook.name}: <Standing webhook={webhook} />
        </li>
      ))}
    </ul>
  )
