import { useQuery } from '@tanstack/react-query'
import type { ForecastsView, PlaceForecast } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { asSentence, formatMoment } from '../format.ts'
import { FanFigure } from '../plots/fan-figure.tsx'
import { ForecastRecord } from './forecast-record.tsx'

/** What to do stands where it is seen; why nobody can tell has its own beside it. */
const Next = ({ of: { next, crossing } }: { of: PlaceForecast }) =>
  next === undefined || !crossing ? null : (
    <p>
      <strong>Next:</strong> {asSentence(next)}
    </p>
  )

const From = ({ of: { forecast, found, backFilled } }: { of: PlaceForecast }) => (
  <ul className="plain watched">
    {backFilled ? (
      <li className="quiet">
        Back-filled by {backFilled.by}, not seen here: the requests from{' '}
        {formatMoment(backFilled.from, backFilled.until)} to{' '}
        {formatMoment(backFilled.until, backFilled.until)}
      </li>
    ) : null}
    {found.map((line) => (
      <li key={line} className="quiet">
        {asSentence(line)}
      </li>
    ))}
    {forecast.is === 'forecast' ? <li className="quiet">Hours are the {forecast.why}.</li> : null}
  </ul>
)

/** What is to come of one environment, for months and for the next week. */
export function Forecast({ service, environment }: { service: string; environment: string }) {
  const path = paths.forecast(service, environment)
  const { data } = useQuery<ForecastsView>({
    queryKey: [path],
    queryFn: () => get<ForecastsView>(path),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  })
  const here = data?.places.find((one) => one.service === service && one.environment === environment)
  if (!here)
    return data ? (
      <p className="quiet">
        Nothing is known of {environment} of {service}.
      </p>
    ) : null
  return (
    <>
      <Next of={here} />
      <FanFigure of={here} grain="weeks" />
      <FanFigure of={here} grain="hours" />
      <From of={here} />
      <ForecastRecord of={here.record} />
    </>
  )
}
