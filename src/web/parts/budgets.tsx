import { useQuery } from '@tanstack/react-query'
import type { FiringAlert, SloState, SlosView } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { formatDate, formatExactly, formatPart } from '../format.ts'
import { Status } from './status.tsx'

const promised = (objective: number): string => `${Number((objective * 100).toPrecision(12))} %`
const times = (burn: number): string => `${Number(burn.toPrecision(3))} times`

const Alert = ({ of: { severity, text, next, changes, firedAt } }: { of: FiringAlert }) => (
  <li>
    <Status of="failed">
      {severity}: {text}
    </Status>{' '}
    <span className="quiet">since {formatExactly(firedAt)}</span>
    <ul>
      {changes.map((change) => (
        <li key={change}>changed: {change}</li>
      ))}
      <li>next: {next}</li>
    </ul>
  </li>
)

const Budget = ({ of: { name, objective, days, left, burnNow, endsAt, because } }: { of: SloState }) => (
  <li>
    <Status of={left === undefined ? 'inconclusive' : left > 0 ? 'passed' : 'failed'}>
      {name}, {promised(objective)} over {days} days:{' '}
      {left === undefined
        ? because
        : left > 0
          ? `${formatPart(left)} of the error budget is left`
          : 'the error budget is spent'}
    </Status>{' '}
    {burnNow === undefined ? null : (
      <span className="quiet">
        burns {times(burnNow)} as fast as evenly
        {endsAt === undefined || (left ?? 0) <= 0 ? '' : `, spent ${formatDate(endsAt)} at the earliest`}
      </span>
    )}
  </li>
)

/** What is left of what is promised in an environment, and which alerts fire. */
export function Budgets({ service, environment }: { service: string; environment: string }) {
  const path = paths.slos(service)
  const { data } = useQuery<SlosView>({
    queryKey: [path],
    queryFn: () => get<SlosView>(path),
    refetchInterval: 10_000,
    placeholderData: (before) => before,
  })
  const here = data?.environments.find((one) => one.environment === environment)
  if (!here) return null
  return (
    <>
      {here.alerts.length === 0 ? null : (
        <ul className="plain watched" aria-label={`Alerts in ${environment}`}>
          {here.alerts.map((one) => (
            <Alert key={`${one.slo} ${one.window}`} of={one} />
          ))}
        </ul>
      )}
      <ul className="plain watched" aria-label={`Error budgets of ${environment}`}>
        {here.slos.map((one) => (
          <Budget key={one.name} of={one} />
        ))}
      </ul>
    </>
  )
}
