import type { EffectView } from '../../contract/index.ts'

type Verdict = EffectView['verdict']

/** The shapes of how things stand, as marks of a plot; what is only shown is hollow. */
const shapes = {
  pass: (
    <>
      <circle r="7" />
      <path className="sign" d="M-3.2 .1l2.3 2.4L3.3-2.3" />
    </>
  ),
  fail: (
    <>
      <rect x="-7" y="-7" width="14" height="14" rx="2" />
      <path className="sign" d="M-3-3l6 6M3-3l-6 6" />
    </>
  ),
  inconclusive: (
    <>
      <path d="M0-8.5L8.7 6.5h-17.4z" />
      <path className="sign" d="M0-3.2V1.8M0 3.9v.6" />
    </>
  ),
  none: <circle r="5" className="hollow" />,
} as const

/** What the marks of a comparison mean. */
export const marginWords = {
  pass: 'within its margin',
  fail: 'worse than its margin',
  inconclusive: 'could not be told',
  none: 'shown, not judged',
} as const

/** Where an effect stands, by shape and colour of its verdict. */
export const VerdictMark = ({ of, x, y }: { of: Verdict; x: number; y: number }) => (
  <g className={`verdict ${of ?? 'none'}`} transform={`translate(${x} ${y})`}>
    {shapes[of ?? 'none']}
  </g>
)

/** The marks that occur, with what they mean. */
export const verdictLegend = (
  verdicts: readonly Verdict[],
  words: Readonly<Record<'pass' | 'fail' | 'inconclusive' | 'none', string>>,
) =>
  ([null, 'pass', 'fail', 'inconclusive'] as const)
    .filter((one) => verdicts.includes(one))
    .toReversed()
    .map((one) => ({
      mark: (
        <svg viewBox="-10 -10 20 20" width="20" height="20" aria-hidden="true">
          <VerdictMark of={one} x={0} y={0} />
        </svg>
      ),
      text: words[one ?? 'none'],
    }))
