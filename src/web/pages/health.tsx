import { useSearchParams } from 'wouter'
import type { EnvironmentHealth, EnvironmentSlos, HealthView, SlosView } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { HealthOfEnvironment } from '../parts/environment-health.tsx'
import { Faults } from '../parts/faults.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { useSeen } from '../parts/sights.ts'

/** What is promised, by environment; undefined while it is not known. */
const useSlos = (service: string): readonly EnvironmentSlos[] | undefined =>
  useSeen<SlosView>(paths.slos(service), 10_000)?.environments

/** Where something is promised stands first: it is what people come for. */
const promisedFirst = (
  all: readonly EnvironmentHealth[],
  slos: readonly EnvironmentSlos[] | undefined,
): readonly EnvironmentHealth[] => {
  const isPromised = ({ name }: EnvironmentHealth) => slos?.some(({ environment }) => environment === name)
  return all.toSorted((a, b) => Number(isPromised(b) ?? false) - Number(isPromised(a) ?? false))
}

/** More environments than somebody reads one after the other. */
const most = 4

const spans = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [360, '6 hours'],
  [1_440, '1 day'],
  [10_080, '7 days'],
] as const

/** `/services/:service/health`: how a service is now, and how it was lately. The span lives in the address. */
export function HealthPage({ service }: { service: string }) {
  const [search, setSearch] = useSearchParams()
  const asked = Number(search.get('minutes'))
  const minutes = spans.find(([one]) => one === asked)?.[0] ?? 60
  const slos = useSlos(service)
  return (
    <LookedUp<HealthView>
      path={paths.health(service)}
      title={({ services }) =>
        `${services[0]?.environments.some(({ is }) => is === 'ill') ? '(!) ' : ''}Health of ${service}`
      }
    >
      {({ services, windowSeconds, faults = [] }) => (
        <>
          <ServiceNav service={service} page="Health" />
          <h1>Health of {service}</h1>
          <Faults faults={faults} />
          <p>
            Figures of now are those of the last {windowSeconds / 60} minutes.{' '}
            <label>
              Plots show the last{' '}
              <select
                value={minutes}
                onChange={(event) => setSearch({ minutes: event.target.value }, { replace: true })}
              >
                {spans.map(([one, name]) => (
                  <option key={one} value={one}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </p>
          {promisedFirst(services[0]?.environments ?? [], slos).map((one) => (
            <HealthOfEnvironment
              key={one.name}
              service={service}
              of={one}
              minutes={minutes}
              slos={slos?.find(({ environment }) => environment === one.name)}
              isOneOfMany={(services[0]?.environments.length ?? 0) > most}
            />
          ))}
          {services[0]?.environments.length === 0 ? (
            <p className="quiet">There is nothing to watch yet: it comes with the first push.</p>
          ) : null}
        </>
      )}
    </LookedUp>
  )
}
