import type { EffectView } from '../../contract/index.ts'
import type { Reach, ReachEnd } from './effects.ts'
import { VerdictMark } from './verdict-mark.tsx'

/** A path for one end of a reach: closed where the interval ends, an arrow where it goes on beyond the axis. */
const endPath = (x: number, end: ReachEnd, way: 1 | -1): string =>
  ({ closed: `M${x} -10V10`, beyond: `M${x - 6 * way} -5L${x} 0L${x - 6 * way} 5`, none: '' })[end]

/** An estimate by the mark of its verdict, on its interval. */
export const ReachMark = ({
  reach: { from, to, mark, ends },
  verdict,
}: {
  reach: Reach
  verdict: EffectView['verdict']
}) => (
  <>
    <path className="reach" d={`M${from} 0H${to}${endPath(from, ends[0], -1)}${endPath(to, ends[1], 1)}`} />
    <VerdictMark of={verdict} x={mark} y={0} />
  </>
)
