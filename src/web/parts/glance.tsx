import { Link } from 'wouter'
import type { EnvironmentRow, ServiceRow } from '../../contract/index.ts'
import { forecastHref, healthHref } from '../../contract/overview/addresses.ts'
import { isTight, whenText } from '../../contract/overview/coming.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { headroomIn, standingIn, standingOf } from '../../contract/overview/standings.ts'
import { formatPart } from '../format.ts'
import { Status } from './status.tsx'
import { TableHead } from './table-head.tsx'

/** So many digits are enough to see whether two environments run the same. */
const shortest = 7

/** Where there are more, a release's name has no room beside how it is. */
const mostNamed = 5

type Of = {
  readonly service: string
  readonly row: EnvironmentRow
  readonly sights: Sights
  /** There is room for more than how it is. */
  readonly isNamed: boolean
}

/** How near the load line is, where one is known; when it is crossed, only where that is soon. */
function Line({ service, row, sights, isNamed }: Of) {
  const place = { service, environment: row.name }
  const headroom = headroomIn(sights, place)
  if (!headroom?.line) return null
  const used = headroom.used ? formatPart(headroom.used.at) : 'load line'
  const when = whenText(headroom)
  return (
    <Link href={forecastHref(place)} className="line" title={`load line: ${when}`}>
      {used}
      <span className="unseen"> of its load line</span>
      {isTight(headroom) && isNamed ? <strong>, {when}</strong> : <span className="unseen">, {when}</span>}
    </Link>
  )
}

/** Which release runs there, and how it is. */
function Cell({ service, row, sights, isNamed }: Of) {
  const { tone, word } = standingIn(service, row, sights)
  return (
    <td data-label={row.name} className={tone === 'passed' || tone === 'waiting' ? 'fine' : undefined}>
      <Link
        href={healthHref({ service, environment: row.name })}
        title={row.release ? `${row.release.subject} (${row.release.short})` : undefined}
      >
        <Status of={tone}>{word}</Status>
      </Link>{' '}
      {isNamed && row.release ? <code>{row.release.short.slice(0, shortest)}</code> : null}{' '}
      <Line service={service} row={row} sights={sights} isNamed={isNamed} />
    </td>
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
        <Cell
          key={name}
          service={service.name}
          row={row}
          sights={sights}
          isNamed={names.length <= mostNamed}
        />
      ) : (
        <td key={name} className="none">
          –
        </td>
      )
    })}
  </tr>
)

/** Services and environments in a line each: what runs, how it is, how near its load line. */
export function Glance({
  services,
  names,
  sights,
}: {
  readonly services: readonly ServiceRow[]
  /** Of the environments of all, whichever services are shown: columns stay where they are. */
  readonly names: readonly string[]
  readonly sights: Sights
}) {
  // Those have more to say.
  const measured = new Set(
    sights.headroom?.environments.flatMap(({ environment, line }) => (line ? [environment] : [])),
  )
  const table = (
    <table className="rows glance">
      <caption className="unseen">Services by environment</caption>
      <colgroup>
        <col className="name" />
        {names.map((name) => (
          <col key={name} className={measured.has(name) ? 'line' : undefined} />
        ))}
      </colgroup>
      <TableHead heads={['Service', ...names]} />
      <tbody>
        {services.map((service) => (
          <Row key={service.name} service={service} names={names} sights={sights} />
        ))}
      </tbody>
    </table>
  )
  if (names.length <= mostNamed) return table
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="aside" tabIndex={0} aria-label="Services by environment">
      {table}
    </section>
  )
}
