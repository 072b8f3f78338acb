import type { EnvironmentHeadroom, EnvironmentRow, ServicesView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { LoadLineCell } from './load-line-cell.tsx'
import { LoadTests } from './load-tests.tsx'
import { useHeadroom, useSeen } from './sights.ts'

/** How near one environment is to what it carries, and the load tests of one that measures. */
const Place = ({ row, headroom }: { row: EnvironmentRow; headroom: EnvironmentHeadroom | undefined }) => (
  <li>
    <strong>{row.name}</strong>
    {headroom ? <LoadLineCell of={headroom} /> : null}
    <LoadTests row={row} />
  </li>
)

/** Where a load line is measured, and where it counts: the load tests behind it, and what is to come of it. */
export function LoadPlaces({ service }: { readonly service: string }) {
  const rows = useSeen<ServicesView>(paths.services, 10_000)?.services.find(({ name }) => name === service)
  const headroom = useHeadroom(service)?.environments ?? []
  const headroomOf = (row: EnvironmentRow) => headroom.find(({ environment }) => environment === row.name)
  const places = (rows?.environments ?? []).filter((row) => row.loadTests || headroomOf(row))
  if (places.length === 0) return null
  return (
    <section className="panel">
      <h2>Headroom and load tests</h2>
      <ul className="plain places">
        {places.map((row) => (
          <Place key={row.name} row={row} headroom={headroomOf(row)} />
        ))}
      </ul>
    </section>
  )
}
