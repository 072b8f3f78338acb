import type { EnvironmentSlos, FiringAlert, SloState } from '../../contract/index.ts'
import { formatDate, formatMoment, formatPart, formatTimes } from '../format.ts'
import { Status } from './status.tsx'

const promised = (objective: number): string => `${Number((objective * 100).toPrecision(12))} %`

/** Slower than evenly it is never spent: by then the period has moved on. */
const isSpending = ({ burnNow = 0, left = 0 }: SloState): boolean => burnNow > 1 && left > 0

/** A budget of which much is left is not well while it burns. */
function standing(
  left: number | undefined,
  alerts: readonly FiringAlert[],
): 'passed' | 'inconclusive' | 'failed' {
  if (left !== undefined && left <= 0) return 'failed'
  if (alerts.some(({ severity }) => severity === 'page')) return 'failed'
  return left === undefined || alerts.length > 0 ? 'inconclusive' : 'passed'
}

const Burn = ({ of }: { readonly of: SloState }) =>
  of.burnNow === undefined ? null : (
    <span className="quiet">
      burns {formatTimes(of.burnNow)} as fast as evenly
      {of.endsAt !== undefined && isSpending(of) ? `, spent ${formatDate(of.endsAt)} at the earliest` : ''}
    </span>
  )

const Budget = ({ of, alerts }: { readonly of: SloState; readonly alerts: readonly FiringAlert[] }) => (
  <li>
    <Status of={standing(of.left, alerts)}>
      {of.name}, {promised(of.objective)} over {of.days} days:{' '}
      {of.left === undefined
        ? of.because
        : of.left > 0
          ? `${formatPart(of.left)} of the error budget is left`
          : 'the error budget is spent'}
    </Status>{' '}
    <Burn of={of} />
  </li>
)

/** What is left of what is promised in an environment. */
export const Budgets = ({
  of: { environment, slos, alerts, backFilled },
}: {
  readonly of: EnvironmentSlos
}) => (
  <>
    <ul className="plain watched" aria-label={`Error budgets of ${environment}`}>
      {slos.map((one) => (
        <Budget key={one.name} of={one} alerts={alerts.filter(({ slo }) => slo === one.name)} />
      ))}
    </ul>
    {backFilled ? (
      <p className="quiet">
        Back-filled by {backFilled.by}, not seen here: what counts from{' '}
        {formatMoment(backFilled.from, backFilled.until)} to{' '}
        {formatMoment(backFilled.until, backFilled.until)}
      </p>
    ) : null}
  </>
)
