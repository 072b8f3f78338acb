import { Link } from 'wouter'
import type { EnvironmentHeadroom } from '../../contract/index.ts'
import { forecastHref } from '../../contract/overview/addresses.ts'
import { isTight, whenText } from '../../contract/overview/coming.ts'
import { formatPart } from '../format.ts'
import { Status } from './status.tsx'

type Used = NonNullable<EnvironmentHeadroom['used']>

const width = 96

/** The busiest hour up to the load line, which stands at its end but for what goes over it. Its figure stands beside it. */
function Gauge({ used: { at } }: { used: Used }) {
  const most = Math.max(1.1, Math.min(2, at * 1.1))
  const x = (share: number) => (Math.min(share, most) / most) * width
  return (
    <svg className="headroom gauge" viewBox={`0 0 ${width} 14`} width={width} height="14" aria-hidden="true">
      <rect className="rest" x="0" y="4" width={width} height="6" />
      <rect className="used" x="0" y="4" width={x(at)} height="6" />
      <line className="waterline" x1={x(1)} x2={x(1)} y1="0" y2="14" />
    </svg>
  )
}

/** How near an environment is to its load line, and when it crosses it. */
export const LoadLineCell = ({ of }: { of: EnvironmentHeadroom }) => (
  <>
    {of.used ? (
      <div className="figure">
        <Gauge used={of.used} /> {formatPart(of.used.at)}
        <span className="unseen"> of its load line</span>
      </div>
    ) : null}
    <Link href={forecastHref(of)}>
      {isTight(of) ? (
        <Status of={of.is === 'short' || of.ahead?.is === 'over' ? 'failed' : 'inconclusive'}>
          {whenText(of)}
        </Status>
      ) : (
        whenText(of)
      )}
      <span className="unseen">: forecast of {of.environment}</span>
    </Link>
  </>
)
