import { type Problem, parseDuration } from '../../kernel/index.ts'
import type { Stage } from './profile.ts'

const shape = /^(\d+(?:\.\d+)?)(?:\s*\.\.\s*(\d+(?:\.\d+)?))?\s*(?:\/s)?\s+(?:for|over)?\s*(\S+)$/

function readStage(text: string): Stage | Problem {
  const [, from, to, length = ''] = shape.exec(text.trim()) ?? []
  const durationMs = parseDuration(length)
  if (from === undefined || durationMs === undefined || durationMs <= 0)
    return {
      at: text.trim(),
      text: `${text.trim()} is not a stage: write it like 100 for 30s, or 100..500 over 2m`,
    }
  return { fromPerSecond: Number(from), toPerSecond: Number(to ?? from), durationMs }
}

/**
 * Reads a profile such as `10..200 over 1m, 200 for 5m, 200..0 over 30s`; all problems at once.
 * @returns stages, rates per second
 */
export function parseProfile(text: string): {
  readonly stages: readonly Stage[]
  readonly problems: readonly Problem[]
} {
  const all = text.split(',').map(readStage)
  return {
    stages: all.filter((one): one is Stage => 'durationMs' in one),
    problems: all.filter((one): one is Problem => !('durationMs' in one)),
  }
}
