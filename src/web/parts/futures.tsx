import { useQuery } from '@tanstack/react-query'
import type { FuturesView, FutureView } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { asSentence, formatPart } from '../format.ts'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

type Of = { readonly of: FutureView }

const isTicket = ({ ticketSince }: FutureView): boolean => ticketSince !== undefined
const isSoon = (one: FutureView): boolean => isTicket(one) || (one.within?.[90] ?? 0) >= 0.5

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

/** Of what nobody can say anything is no good news. */
const unknownText = (all: readonly FutureView[]): string => {
  const unknown = all.filter(({ is }) => is === 'unforeseen').length
  return unknown === 0 ? '' : `, ${unknown} of which nobody can say anything`
}

const Quiet = ({ rest }: { readonly rest: readonly FutureView[] }) =>
  rest.some(({ is }) => is === 'foreseen') ? (
    <Status of="passed">Nothing that is known is likely within 90 days</Status>
  ) : (
    <Status of="inconclusive">Nobody can say yet what is coming</Status>
  )

/** What is coming in an environment: tickets and what is likely within 90 days are open, the rest can be opened. */
export function Futures({ service, environment }: { service: string; environment: string }) {
  const path = paths.futures(service)
  const { data } = useQuery<FuturesView>({
    queryKey: [path],
    queryFn: () => get<FuturesView>(path),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  })
  const here = data?.environments.find((one) => one.environment === environment)
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
