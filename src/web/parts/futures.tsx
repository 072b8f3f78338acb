import type { FutureView } from '../../contract/index.ts'
import { isSoon, isTicket } from '../../contract/overview/coming.ts'
import { asSentence, formatPart } from '../format.ts'
import { useFutures } from './sights.ts'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

type Of = { readonly of: FutureView }

function Standing({ of }: Of) {
  if (isTicket(of)) return <Status of="inconclusive">Ticket</Status>
  if (of.is === 'unforeseen') return <Status of="inconclusive">Not known</Status>
  return isSoon(of) ? <Status of="inconclusive">Likely</Status> : <Status of="passed">Far</Status>
}

function Likely({ of: { withinLead, leadDays, within } }: Of) {
  if (!within || leadDays === undefined || withinLead === undefined || within[90] === 0) return null
  return (
    <li>
      {formatPart(withinLead)} within {Number(leadDays.toFixed(1))} days, {formatPart(within[90])} within 90
    </li>
  )
}

const Future = ({ of, owner }: Of & { readonly owner?: string | undefined }) => (
  <li>
    <Standing of={of} /> {asSentence(of.text)}
    <ul className="quiet">
      <Likely of={of} />
      {of.ticketSince === undefined ? null : (
        <li>
          A ticket is open since <Ago at={of.ticketSince} />
          {owner === undefined ? null : `; ${owner} sees to it`}
        </li>
      )}
      {of.found.map((one) => (
        <li key={one}>{asSentence(one)}</li>
      ))}
      {of.next === undefined || !(isSoon(of) || of.is === 'unforeseen') ? null : (
        <li>Next: {asSentence(of.next)}</li>
      )}
    </ul>
  </li>
)

const unknownIn = (all: readonly FutureView[]): number => all.filter(({ is }) => is === 'unforeseen').length

/** Of what nobody can say when. */
const unknownText = (all: readonly FutureView[]): string => {
  const unknown = unknownIn(all)
  return unknown === 0 ? '' : `; of ${unknown} nobody can say when`
}

/** That nothing is seen of what nobody can foresee is no good news. */
function Quiet({ rest }: { readonly rest: readonly FutureView[] }) {
  const unknown = unknownIn(rest)
  if (unknown === rest.length) return <Status of="inconclusive">Nobody can say yet what is coming</Status>
  // Of a load line that is at least so high, headroom says when that is reached.
  const beside = rest.some(({ kind }) => kind === 'headroom') ? 'Beside the load line, nothing' : 'Nothing'
  return (
    <Status of={unknown === 0 ? 'passed' : 'waiting'}>
      {unknown === 0 ? beside : `${beside} that is known`} is likely within 90 days
    </Status>
  )
}

/** What is coming in an environment: tickets and what is likely within 90 days are open, the rest can be opened. */
export function Futures({ service, environment }: { service: string; environment: string }) {
  const here = useFutures(service)?.environments.find((one) => one.environment === environment)
  if (!here || here.futures.length === 0) return null
  const soon = here.futures.filter(isSoon)
  const rest = here.futures.filter((one) => !isSoon(one))
  const id = `futures-${environment}`
  const list = (all: readonly FutureView[]) => (
    <ul className="plain watched">
      {all.map((one) => (
        <Future key={one.label} of={one} owner={here.owner} />
      ))}
    </ul>
  )
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        What is coming<span className="unseen"> in {environment}</span>
      </h3>
      {soon.length === 0 ? <Quiet rest={rest} /> : list(soon)}
      {rest.length === 0 ? null : (
        <details>
          <summary>
            {rest.length} {soon.length === 0 ? '' : 'more '}looked at{unknownText(rest)}
            <span className="unseen"> in {environment}</span>
          </summary>
          {list(rest)}
        </details>
      )}
    </section>
  )
}
