import { Link } from 'wouter'
import type { EnvironmentRow, ServiceRow } from '../../contract/index.ts'
import { forecastHref, healthHref } from '../../contract/overview/addresses.ts'
import { isTight, whenText } from '../../contract/overview/coming.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { environmentsIn, headroomIn, standingIn, standingOf } from '../../contract/overview/standings.ts'
import { formatPart } from '../format.ts'
import { Status } from './status.tsx'

/** Fewer of them are seen at a glance without it. */
const least = 4

/** How near the load line is, and when it is crossed. */
function Line({ service, row, sights }: { service: string; row: EnvironmentRow; sights: Sights }) {
  const place = { service, environment: row.name }
  const headroom = headroomIn(sights, place)
  if (!headroom) return null
  const text = `${headroom.used ? `${formatPart(headroom.used.at)}, ` : ''}${whenText(headroom)}`
  return (
    <div className="quiet">
      <Link href={forecastHref(place)}>{isTight(headroom) ? <strong>{text}</strong> : text}</Link>
    </div>
  )
}

/** Which release runs there, and how it is. */
function Cell({ service, row, sights }: { service: string; row: EnvironmentRow; sights: Sights }) {
  const { tone, word } = standingIn(service, row, sights)
  return (
    <>
      <Link href={healthHref({ service, environment: row.name })}>
        <Status of={tone}>{word}</Status>
      </Link>{' '}
      {row.release ? <code title={row.release.subject}>{row.release.short}</code> : null}
      <Line service={service} row={row} sights={sights} />
    </>
  )
}

const Row = ({
  service,
  names,
  sights,
}: {
  service: ServiceRow
  names: readonly string[]
  sights: Sights
}) => (
  <tr>
    <th scope="row">
      <a href={`#service-${service.name}`}>
        <Status of={standingOf(service, sights).tone}>{service.name}</Status>
      </a>
    </th>
    {names.map((name) => {
      const row = service.environments.find((one) => one.name === name)
      return row ? (
        <td key={name} data-label={name}>
          <Cell service={service.name} row={row} sights={sights} />
        </td>
      ) : (
        <td key={name} className="none">
          –
        </td>
      )
    })}
  </tr>
)

/** All services and environments in a line each: what runs, how it is, how near its load line, and until when. */
export function Glance({
  services,
  sights,
}: {
  readonly services: readonly ServiceRow[]
  readonly sights: Sights
}) {
  if (services.length < least) return null
  const names = environmentsIn(services)
  return (
    <section className="panel" aria-labelledby="glance">
      <h2 id="glance">All {services.length} at a glance</h2>
      <table className="rows glance">
        <caption className="unseen">Services by environment</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <Row key={service.name} service={service} names={names} sights={sights} />
          ))}
        </tbody>
      </table>
    </section>
  )
}
