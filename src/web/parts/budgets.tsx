import type { EnvironmentSlos, FiringAlert, SloState } from '../../contract/index.ts'
import { formatDate, formatPart } from '../format.ts'
import { Status } from './status.tsx'

const promised = (objective: number): string => `${Number((objective * 100).toPrecision(12))} %`
const times = (burn: number): string => `${Number(burn.toPrecision(3))} times`

/** A budget of which much is left is not well while it burns. */
function standing(
  left: number | undefined,
  alerts: readonly FiringAlert[],
): 'passed' | 'inconclusive' | 'failed' {
  if (left !== undefined && left <= 0) return 'failed'
  if (alerts.some(({ severity }) => severity === 'page')) return 'failed'
  return left === undefined || alerts.length > 0 ? 'inconclusive' : 'passed'
}

const Budget = ({
  of: { name, objective, days, left, burnNow, endsAt, because },
  alerts,
}: {
  readonly of: SloState
  readonly alerts: readonly FiringAlert[]
}) => (
  <li>
    <Status of={standing(left, alerts)}>
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

/** What is left of what is promised in an environment. */
export const Budgets = ({ of: { environment, slos, alerts } }: { readonly of: EnvironmentSlos }) => (
  <ul className="plain watched" aria-label={`Error budgets of ${environment}`}>
    {slos.map((one) => (
      <Budget key={one.name} of={one} alerts={alerts.filter(({ slo }) => slo === one.name)} />
    ))}
  </ul>
)
