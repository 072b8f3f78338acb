import { useQuery } from '@tanstack/react-query'
import type { HealthHistory } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { formatCount, formatPart, formatRate, formatSeconds } from '../format.ts'
import { LatelyFigure } from '../plots/lately-figure.tsx'

/** Rate, failures and latency of an environment, side by side. */
export function Lately({
  service,
  environment,
  minutes,
}: {
  service: string
  environment: string
  minutes: number
}) {
  const path = paths.healthHistory(service, environment, minutes)
  const { data } = useQuery<HealthHistory>({
    queryKey: [path],
    queryFn: () => get<HealthHistory>(path),
    refetchInterval: 10_000,
    placeholderData: (before) => before,
  })
  if (!data) return null
  return (
    <div className="multiples">
      <LatelyFigure
        title={`Rate in ${environment}`}
        what="rate"
        axis={{ title: 'requests/s', format: formatCount, least: 1 }}
        history={data}
        lines={data.rate}
        format={formatRate}
      />
      <LatelyFigure
        title={`Failures in ${environment}`}
        what="share that failed"
        axis={{ title: 'failed or lost', format: formatPart, least: 0.01 }}
        history={data}
        lines={data.errors}
        format={formatPart}
      />
      <LatelyFigure
        title={`Latency in ${environment}`}
        what="latency (p95)"
        axis={{ title: '95 % took at most', format: formatSeconds, least: 0.01 }}
        history={data}
        lines={data.p95}
        format={formatSeconds}
      />
    </div>
  )
}
