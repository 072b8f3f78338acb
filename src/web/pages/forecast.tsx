import { Link, useSearchParams } from 'wouter'
import type { EnvironmentHeadroom, HeadroomView } from '../../contract/index.ts'
import { forecastHref } from '../../contract/overview/addresses.ts'
import { paths } from '../api.ts'
import { asSentence } from '../format.ts'
import { Forecast } from '../parts/forecast.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'

type Place = Pick<EnvironmentHeadroom, 'service' | 'environment'>

/** Soonest crossings first, then what stays below its line; what nobody can tell last. */
function urgency({ ahead }: EnvironmentHeadroom): number {
  if (!ahead?.crossing) return Number.POSITIVE_INFINITY
  return ahead.is === 'over' ? 0 : (ahead.crossing.date ?? Number.MAX_SAFE_INTEGER)
}
const inOrder = (a: EnvironmentHeadroom, b: EnvironmentHeadroom): number => {
  const [first, second] = [urgency(a), urgency(b)]
  return first === second ? 0 : first - second
}

const isSame = (a: Place, b: Place): boolean => a.service === b.service && a.environment === b.environment

const Places = ({ all, chosen }: { all: readonly EnvironmentHeadroom[]; chosen: Place }) =>
  all.length < 2 ? null : (
    <ul className="plain watched" aria-label="What is to come, the soonest first">
      {all.map((one) => (
        <li key={forecastHref(one)}>
          <Link href={forecastHref(one)} aria-current={isSame(one, chosen) ? 'true' : undefined}>
            {one.environment} of {one.service}
          </Link>{' '}
          {asSentence(one.ahead?.text ?? one.text)}
        </li>
      ))}
    </ul>
  )

/** `/forecast`: when load lines are crossed, and one of them as a fan. Which one lives in the address. */
export function ForecastPage() {
  const [search] = useSearchParams()
  const [service, environment] = [search.get('service') ?? '', search.get('environment') ?? '']
  return (
    <LookedUp<HeadroomView> path={paths.headroom()} title={() => 'Forecast – Plimsoll'} everyMs={60_000}>
      {({ environments }) => {
        const all = environments.toSorted(inOrder)
        const chosen =
          service && environment
            ? { service, environment }
            : all.find((one) => service === '' || one.service === service)
        return (
          <>
            {chosen ? (
              <ServiceNav service={chosen.service} page="Forecast" rest={[chosen.environment]} />
            ) : (
              <p className="crumbs">
                <Link href="/">Services</Link> / forecast
              </p>
            )}
            <h1>Forecast{chosen ? ` of ${chosen.service} ${chosen.environment}` : ''}</h1>
            {chosen ? (
              <>
                <Places all={all} chosen={chosen} />
                <Forecast {...chosen} />
              </>
            ) : (
              <p className="quiet">There is nothing to forecast yet: it comes with the first push.</p>
            )}
          </>
        )
      }}
    </LookedUp>
  )
}
