import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { EnvironmentHeadroom, HeadroomView } from '../../contract/index.ts'
import { forecastHref } from '../../contract/overview/addresses.ts'
import { get, paths } from '../api.ts'
import { asSentence, formatPart } from '../format.ts'
import { Status } from './status.tsx'

type Of = { readonly of: EnvironmentHeadroom }

const tones = { enough: 'passed', short: 'failed', unknown: 'inconclusive' } as const

/** Twice the line is as far as it is drawn. */
const mostDrawn = 2

/**
 * The busiest hour as a bar up to the waterline, with what it may be. Its figures stand beside it in words, so that to a
 * reader who does not see it there is nothing to it.
 */
function Waterline({ of: { used, below } }: Of) {
  if (!used) return null
  const most = Math.min(mostDrawn, Math.max(1.05, (used.high ?? used.at) * 1.05))
  const at = (share: number) => (Math.min(share, most) / most) * 300
  return (
    <svg className="headroom" viewBox="0 0 300 22" aria-hidden="true">
      <rect className="used" x={0} y={6} width={at(used.at)} height={10} />
      <rect
        className="maybe"
        x={at(used.low)}
        y={9.5}
        width={Math.max(1, at(used.high ?? most) - at(used.low))}
        height={3}
      />
      <line className="wanted" x1={at(1 - below)} x2={at(1 - below)} y1={3} y2={19} />
      <line className="waterline" x1={at(1)} x2={at(1)} y1={0} y2={22} />
    </svg>
  )
}

/** What is not said already in the sentence above it. */
const Reasons = ({ of: { reasons, text } }: Of) =>
  reasons.map((reason) => (
    <li key={reason.text}>
      {reason.text.includes(text) ? null : `${asSentence(reason.text)} `}
      {reason.next === undefined ? null : <span className="quiet">Next: {reason.next}</span>}
    </li>
  ))

/** What is to come: a warning where the line is crossed soon, or has been. */
function Ahead({ ahead }: { ahead: EnvironmentHeadroom['ahead'] }) {
  if (!ahead) return null
  const { is, isSoon, text, chances, restores, next } = ahead
  const said = asSentence(text)
  return (
    <>
      {isSoon || is === 'over' ? <Status of="failed">{said}</Status> : <p>{said}</p>}
      <ul className="plain watched">
        {(restores ?? []).map((way) => (
          <li key={way.text}>
            {asSentence(way.text)}
            {way.next === undefined ? null : <span className="quiet"> Next: {way.next}</span>}
          </li>
        ))}
        {next === undefined ? null : <li className="quiet">Next: {next}</li>}
        {chances === undefined ? null : <li className="quiet">{asSentence(chances)}</li>}
        {ahead.found.map((line) => (
          <li key={line} className="quiet">
            {asSentence(line)}
          </li>
        ))}
      </ul>
    </>
  )
}

/** How near the busiest hour came to what runs there carries, and what is to come. */
export function Headroom({ service, environment }: { service: string; environment: string }) {
  const path = paths.headroom(service)
  const { data } = useQuery<HeadroomView>({
    queryKey: [path],
    queryFn: () => get<HeadroomView>(path),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  })
  const here = data?.environments.find((one) => one.environment === environment)
  if (!here) return null
  const id = `headroom-${environment}`
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        Headroom<span className="unseen"> of {environment}</span>
      </h3>
      <Status of={tones[here.is]}>{asSentence(here.text)}</Status>
      <Waterline of={here} />
      <Ahead ahead={here.ahead} />
      <ul className="plain watched">
        <Reasons of={here} />
        {here.found.map((line) => (
          <li key={line} className="quiet">
            {asSentence(line)}
          </li>
        ))}
        {here.used ? (
          <li className="quiet">
            The line is the load line; dashed, what leaves {formatPart(here.below)} of it.
          </li>
        ) : null}
      </ul>
      <p>
        <Link href={forecastHref(here)}>
          Forecast<span className="unseen"> of {environment}</span>
        </Link>
      </p>
    </section>
  )
}
