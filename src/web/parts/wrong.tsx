import type { FiringAlert } from '../../contract/index.ts'
import { LinkedText } from './linked-text.tsx'
import { Status } from './status.tsx'
import { Moment } from './time.tsx'

const sentence = ({ severity, text }: FiringAlert): string => `${severity}: ${text}`
const once = (all: readonly string[]): readonly string[] => [...new Set(all)]

const List = ({ title, all, service }: { title: string; all: readonly string[]; service: string }) =>
  all.length === 0 ? null : (
    <>
      <p className="quiet">{title}</p>
      <ul className="watched">
        {all.map((one) => (
          <li key={one}>
            <LinkedText text={one} service={service} />
          </li>
        ))}
      </ul>
    </>
  )

/** Everything that is wrong with an environment, each once: its alerts, then the rest; what changed; what to do. */
export function Wrong({
  service,
  environment,
  reasons,
  alerts,
}: {
  readonly service: string
  readonly environment: string
  readonly reasons: readonly string[]
  readonly alerts: readonly FiringAlert[]
}) {
  const told = new Set(alerts.flatMap((one) => [sentence(one), one.text]))
  const rest = reasons.filter((reason) => !told.has(reason))
  return (
    <>
      {alerts.length + rest.length === 0 ? null : (
        <ul className="plain watched" aria-label={`What there is to say of ${environment}`}>
          {alerts.map((one) => (
            <li key={`${one.slo} ${one.window}`}>
              <Status of={one.severity === 'page' ? 'failed' : 'inconclusive'}>{sentence(one)}</Status>{' '}
              <span className="quiet">
                since <Moment at={one.firedAt} />
              </span>
            </li>
          ))}
          {rest.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <List
        title="Changed since it was well:"
        all={once(alerts.flatMap(({ changes }) => changes))}
        service={service}
      />
      <List title="Next:" all={once(alerts.map(({ next }) => next))} service={service} />
    </>
  )
}
