import type { AlertsView } from '../../contract/index.ts'

/** What is shown; '' is all. It lives in the address. */
export type Filter = { readonly service: string; readonly environment: string }

const Choice = ({
  label,
  value,
  any,
  all,
  onChoice,
}: {
  readonly label: string
  readonly value: string
  readonly any: string
  readonly all: readonly string[]
  readonly onChoice: (value: string) => void
}) => (
  <label>
    {label}{' '}
    <select value={value} onChange={(event) => onChoice(event.target.value)}>
      <option value="">{any}</option>
      {all.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  </label>
)

/** Of which service and environment alerts are shown. */
export function AlertFilter({
  places,
  filter,
  onFilter,
}: {
  readonly places: AlertsView['places']
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}) {
  const of = places.filter(({ service }) => filter.service === '' || service === filter.service)
  return (
    <p className="filters">
      <Choice
        label="Service"
        value={filter.service}
        any="all services"
        all={places.map(({ service }) => service)}
        onChoice={(service) => onFilter({ service, environment: '' })}
      />
      <Choice
        label="Environment"
        value={filter.environment}
        any="all environments"
        all={[...new Set(of.flatMap(({ environments }) => environments))]}
        onChoice={(environment) => onFilter({ ...filter, environment })}
      />
    </p>
  )
}
