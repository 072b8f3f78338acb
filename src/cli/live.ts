import type { Clock } from '../kernel/index.ts'
import { formatDuration } from '../kernel/index.ts'
import type { Screen } from './command.ts'

/** A terminal is painted at most so often. */
const paintMs = 100
/** Where there is no terminal, a sign of life when nothing else was said for so long. */
const heartbeatMs = 30_000

/**
 * Progress of something that takes its time. On a terminal: a window of lines at the bottom that is painted again, with
 * lines that stay above it. Elsewhere: the lines that stay, and now and then a sign of life.
 */
export interface Live {
  /** A line that stays. */
  say(line: string): void
  /** What the window shows from now on. */
  show(lines: readonly string[]): void
  /** Takes the window away; what was said stays. */
  end(): void
}

const upAndClear = (lines: number): string => (lines > 0 ? `\u001b[${lines}F\u001b[J` : '')
/** Parts of a line that a terminal does not show: colours. */
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/** A line that the terminal would break would put the window out of place: it is cut, and loses its colours. */
function cut(line: string, columns: number): string {
  const plain = line.replaceAll(escapes, '')
  return plain.length < columns ? line : `${plain.slice(0, columns - 2)}…`
}

function onTerminal(screen: Screen, clock: Clock): Live {
  let wanted: readonly string[] = []
  let painted = 0
  let paintedAt = Number.NEGATIVE_INFINITY
  let said: string[] = []
  let due: ReturnType<typeof setTimeout> | undefined

  function paint(): void {
    due = undefined
    paintedAt = clock.elapsedMs()
    const window = wanted.map((line) => cut(line, screen.columns))
    screen.write(`${upAndClear(painted)}${[...said, ...window].map((line) => `${line}\n`).join('')}`)
    said = []
    painted = window.length
  }

  function paintSoon(): void {
    due ??= setTimeout(paint, Math.max(0, paintedAt + paintMs - clock.elapsedMs()))
  }

  return {
    say(line) {
      said.push(line)
      paintSoon()
    },
    show(lines) {
      wanted = lines
      paintSoon()
    },
    end() {
      clearTimeout(due)
      wanted = []
      paint()
    },
  }
}

function onPaper(screen: Screen, clock: Clock): Live {
  const began = clock.elapsedMs()
  let doing = ''
  let lastAt = began
  const write = (line: string) => {
    lastAt = clock.elapsedMs()
    screen.write(`${line}\n`)
  }
  const heart = setInterval(() => {
    if (clock.elapsedMs() - lastAt >= heartbeatMs)
      write(`still at it after ${formatDuration(clock.elapsedMs() - began)}: ${doing}`)
  }, 1_000)
  heart.unref()
  return {
    say: write,
    show(lines) {
      doing = lines.join('; ')
    },
    end: () => clearInterval(heart),
  }
}

/** Progress on this screen, whatever it can do. */
export const createLive = (screen: Screen, clock: Clock): Live =>
  screen.isTTY ? onTerminal(screen, clock) : onPaper(screen, clock)
