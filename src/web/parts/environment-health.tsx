import { Link } from 'wouter'
import type { EnvironmentHealth, EnvironmentSlos } from '../../contract/index.ts'
import { hasComing, whenText } from '../../contract/overview/coming.ts'
import { alertsHref } from '../api.ts'
import { Budgets } from './budgets.tsx'
import { Clocks } from './clocks.ts'
import { Fold } from './fold.tsx'
import { Futures } from './futures.tsx'
import { Headroom } from './headroom.tsx'
import { HealthTables } from './health-tables.tsx'
import { Lately } from './lately.tsx'
import { Probes } from './probes.tsx'
import { useFutures, useHeadroom } from './sights.ts'
import { openSqueeze, Squeezes, useSqueezes } from './squeezes.tsx'
import { Status } from './status.tsx'
import { Wrong } from './wrong.tsx'

/** How near its load line is, and what is seen coming. */
function useAhead(service: string, environment: string) {
  const headroom = useHeadroom(service)?.environments.find((one) => one.environment === environment)
  const futures = useFutures(service)?.environments.find((one) => one.environment === environment)
  return { headroom, isComing: hasComing(headroom, futures?.futures ?? []) }
}

/** One environment of a service: what is wrong, what is promised, how near its load line is, its figures. */
export function HealthOfEnvironment({
  service,
  of,
  minutes,
  slos,
  isOneOfMany,
}: {
  service: string
  of: EnvironmentHealth
  minutes: number
  slos: EnvironmentSlos | undefined
  /** Those that are well are closed then. */
  isOneOfMany: boolean
}) {
  const { headroom, isComing } = useAhead(service, of.name)
  const squeezes = useSqueezes(service, of.name)
  const heading = (
    <h2 id={`health-${of.name}`}>
      {of.name} {of.runs === 'elsewhere' ? <span className="quiet">elsewhere</span> : null}{' '}
      <Status of={of.is} />
    </h2>
  )
  const isWell = of.is === 'well' && of.reasons.length === 0 && (slos?.alerts ?? []).length === 0 && !isComing
  return (
    <Clocks value={slos?.timeZone}>
      <section className="environment" aria-labelledby={`health-${of.name}`}>
        <Fold
          title={heading}
          brief={headroom ? <div className="quiet">Load line: {whenText(headroom)}</div> : null}
          heads
          always={isOneOfMany}
          isOpen={!isWell || openSqueeze(squeezes) !== undefined}
        >
          <Wrong service={service} environment={of.name} reasons={of.reasons} alerts={slos?.alerts ?? []} />
          {slos ? (
            <>
              <Budgets of={slos} />
              <p>
                <Link href={alertsHref({ service, environment: of.name })}>
                  Alerts, silences and who was told<span className="unseen"> of {of.name}</span>
                </Link>
              </p>
            </>
          ) : null}
          <Headroom service={service} environment={of.name} />
          <Squeezes environment={of.name} of={squeezes} />
          <Futures service={service} environment={of.name} />
          <HealthTables of={of} />
          <Probes of={of} />
          {of.releases.length === 0 ? null : (
            <Fold title={`Rate, failures and latency of ${of.name} lately`}>
              <Lately service={service} environment={of.name} minutes={minutes} />
            </Fold>
          )}
        </Fold>
      </section>
    </Clocks>
  )
}
