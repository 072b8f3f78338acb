import { realClock } from '../host/index.ts'
import { formatDuration } from '../kernel/index.ts'
import { formatMs, formatRate, type LoadProgress } from '../load/index.ts'
import type { Io } from './command.ts'
import { createLive } from './live.ts'
import { mark } from './marks.ts'

/** Shows a load test that goes on: where in its time it is, and how the last second went. */
export interface LoadScreen {
  show(progress: LoadProgress): void
  end(): void
}

const bars = '▁▂▃▄▅▆▇█'
const plainBars = '._-~=+*#'
/** Seconds that the picture of the p99 goes back. */
const most = 60

/** One character a second, on a logarithmic scale from the lowest to the highest. */
function drawP99(values: readonly (number | null)[], ascii: boolean): string {
  const known = values.flatMap((value) => (value ? [Math.log(value)] : []))
  if (known.length < 2) return ''
  const [low, high] = [Math.min(...known), Math.max(...known)]
  // Less than a doubling fills less than the whole height, so that noise does not look like a mountain.
  const span = Math.max(high - low, Math.LN2)
  const signs = ascii ? plainBars : bars
  return values
    .map((value) => (value ? signs[Math.min(7, Math.floor(((Math.log(value) - low) / span) * 8))] : ' '))
    .join('')
}

const clock = (ms: number): string => formatDuration(Math.round(Math.abs(ms) / 1_000) * 1_000)

export function createLoadScreen(target: string, durationMs: number, io: Io): LoadScreen {
  const live = createLive(io.stderr, realClock)
  const p99s: (number | null)[] = []
  const sums = { scheduled: 0, answered: 0, errors: 0 }
  const { ascii } = io.stderr
  const running = mark('running', io.stderr)
  live.show([`${running}  ${target}: getting ready`])
  return {
    show(progress) {
      const { atMs, scheduled, answered, errors, p50Ms, p99Ms, maxMs } = progress
      if (atMs < 0) {
        live.show([`${running}  ${target}: warming up, ${clock(atMs + 1_000)} left`])
        return
      }
      sums.scheduled += scheduled
      sums.answered += answered
      sums.errors += errors
      p99s.push(p99Ms)
      if (p99s.length > most) p99s.shift()
      const left = Math.max(0, durationMs - atMs - 1_000)
      live.show([
        `${running}  ${target}: ${clock(atMs + 1_000)}, ${clock(left)} left`,
        `  scheduled ${formatRate(scheduled)}, answered ${formatRate(answered)}, errors ${formatRate(errors)}; in all ${sums.answered} answered, ${sums.errors} errors`,
        `  p50 ${formatMs(p50Ms)}, p99 ${formatMs(p99Ms)}, max ${formatMs(maxMs)}`,
        `  p99 ${drawP99(p99s, ascii)}`,
      ])
    },
    end: live.end,
  }
}
