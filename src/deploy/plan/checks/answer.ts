import type { CommandEnd } from '../../../host/index.ts'
import { type Found, formatDuration } from '../../../kernel/index.ts'
import type { CheckAnswer } from './state.ts'

type Answer = Omit<CheckAnswer, 'startedAt' | 'endedAt'> & Partial<CheckAnswer>

const inconclusive = (text: string, lines: readonly string[]): Answer => ({ is: 'inconclusive', text, lines })

function howEnded({ exit, signal, why, error, startedAt, endedAt }: CommandEnd): string {
  const took = formatDuration(endedAt - startedAt)
  if (why === 'timedOut') return `was not over after ${took}`
  if (why === 'couldNotStart') return `could not be started: ${error ?? 'nobody said why'}`
  return exit === null ? `was ended by ${signal} after ${took}` : `exited with ${exit} after ${took}`
}

/** Only 0 is a yes and only 1 a no; whatever else happened says nothing about the release. Undefined while it goes on. */
export function answerOf(found: Found<CommandEnd>, lines: readonly string[]): Answer | undefined {
  if (found === 'lost') return inconclusive('nobody knows how it ended', lines)
  if (typeof found === 'string') return undefined
  const { exit, why, startedAt, endedAt } = found.ended
  const times = { lines, startedAt, endedAt, text: howEnded(found.ended) }
  if (why !== 'exited' || exit === null || exit > 1) return { is: 'inconclusive', ...times }
  return { is: exit === 0 ? 'pass' : 'fail', ...times }
}
