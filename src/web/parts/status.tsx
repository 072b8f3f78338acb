import type { ReactNode } from 'react'

export type Tone = 'ok' | 'fail' | 'warn' | 'running' | 'neutral'

/** A shape for each tone: nobody has to tell colours apart. */
const shapes: Readonly<Record<Tone, ReactNode>> = {
  ok: <path d="M3 8.5l3.2 3.2L13 5" fill="none" strokeWidth="2.2" />,
  fail: <path d="M4 4l8 8M12 4l-8 8" fill="none" strokeWidth="2.2" />,
  warn: <path d="M8 2.5L14.5 13.5H1.5z M8 6.5v3.2 M8 11.6v.4" fill="none" strokeWidth="1.7" />,
  running: <path d="M8 2a6 6 0 1 1-6 6" fill="none" strokeWidth="2.2" />,
  neutral: <path d="M3.5 8h9" fill="none" strokeWidth="2.2" />,
}

const toneOf: Readonly<Record<string, Tone>> = {
  passed: 'ok',
  steady: 'ok',
  pass: 'ok',
  ready: 'ok',
  inStep: 'ok',
  asleep: 'ok',
  measured: 'running',
  missing: 'fail',
  following: 'running',
  drift: 'fail',
  unknown: 'warn',
  failed: 'fail',
  fail: 'fail',
  down: 'fail',
  inconclusive: 'warn',
  held: 'warn',
  degraded: 'warn',
  waived: 'warn',
  rolledBack: 'warn',
  cancelled: 'warn',
  unhealthy: 'warn',
  backingOff: 'warn',
  running: 'running',
  deploying: 'running',
  starting: 'running',
  stopping: 'running',
  open: 'ok',
  closing: 'running',
  left: 'fail',
  well: 'ok',
  ill: 'fail',
}

const words: Readonly<Record<string, string>> = {
  rolledBack: 'rolled back',
  backingOff: 'restarting',
  empty: 'empty',
  left: 'left behind',
  inStep: 'in step',
  measured: 'being measured',
  ill: 'not well',
}

/** Icon, word and colour for how something stands. */
export function Status({ of, children }: { of: string; children?: ReactNode }) {
  const tone = toneOf[of] ?? 'neutral'
  return (
    <span className={`status ${tone}`}>
      <svg
        viewBox="0 0 16 16"
        width="16"
        height="16"
        aria-hidden="true"
        className={tone === 'running' ? 'turning' : undefined}
      >
        {shapes[tone]}
      </svg>
      <span>{children ?? words[of] ?? of}</span>
    </span>
  )
}
