import { nearest, type Problem, parseDuration } from '../../kernel/index.ts'
import { constant, ramp, type Stage, spike, steps } from './profile.ts'

const number = '(\\d+(?:\\.\\d+)?)'
const rate = `${number}(?:/s)?`
/** `10..200`, and `10 to 200`. */
const rates = `${rate}\\s*(?:\\.\\.|\\bto\\b)\\s*${rate}`
const length = '(\\S+)'

type Kind = {
  /** What follows the word. */
  readonly shape: RegExp
  readonly example: string
  /** @returns undefined when the figures make no such load */
  readonly read: (figures: readonly (string | undefined)[]) => readonly Stage[] | undefined
}

const lengthOf = (text: string | undefined): number => parseDuration(text ?? '') ?? Number.NaN

function readSpike([base, peak, peakLength, wholeLength]: readonly (string | undefined)[]) {
  const peakMs = lengthOf(peakLength)
  // As long before it and after it as it lasts, when nothing is said of that.
  const wholeMs = wholeLength === undefined ? 3 * peakMs : lengthOf(wholeLength)
  return wholeMs > peakMs ? spike(Number(base), Number(peak), wholeMs, peakMs) : undefined
}

const readConstant = ([perSecond, long]: readonly (string | undefined)[]) =>
  constant(Number(perSecond), lengthOf(long))

const readRamp = ([from, to, long]: readonly (string | undefined)[]) =>
  ramp(Number(from), Number(to), lengthOf(long))

const kinds = {
  constant: {
    shape: new RegExp(`^${rate}\\s+(?:for\\s+)?${length}$`),
    example: '100 for 30s',
    read: readConstant,
  },
  ramp: {
    shape: new RegExp(`^${rates}\\s+(?:over\\s+|for\\s+)?${length}$`),
    example: '100..500 over 2m',
    read: readRamp,
  },
  steps: {
    shape: new RegExp(`^${rates}\\s+in\\s+(\\d+)\\s+over\\s+${length}$`),
    example: 'steps 100..500 in 5 over 5m',
    read: ([from, to, count, long]) =>
      Number(count) < 2 ? undefined : steps(Number(from), Number(to), Number(count), lengthOf(long)),
  },
  spike: {
    shape: new RegExp(`^${rates}\\s+for\\s+(\\S+)(?:\\s+within\\s+${length})?$`),
    example: 'spike 50..500 for 10s within 1m',
    read: readSpike,
  },
  soak: {
    shape: new RegExp(`^${rate}\\s+for\\s+${length}$`),
    example: 'soak 200 for 2h',
    read: readConstant,
  },
} as const satisfies Readonly<Record<string, Kind>>

const words = Object.keys(kinds) as (keyof typeof kinds)[]
const remedy = Object.values(kinds)
  .map(({ example }) => example)
  .join(', ')

/** What a word says it is; without one, a constant rate or a ramp. */
function kindsOf(word: string | undefined): readonly Kind[] {
  if (word === undefined) return [kinds.constant, kinds.ramp]
  const known = words.find((one) => one === word)
  return known ? [kinds[known]] : []
}

function readStage(text: string): readonly Stage[] | Problem {
  const [, word, rest = ''] = /^(?:([a-z]+)\s+)?(.*)$/i.exec(text) ?? []
  const known = kindsOf(word?.toLowerCase())
  for (const { shape, read } of known) {
    const [, ...figures] = shape.exec(rest) ?? []
    const stages = figures.length > 0 ? read(figures) : undefined
    if (stages?.every(({ durationMs }) => durationMs > 0)) return stages
  }
  const meant = word === undefined || known.length > 0 ? undefined : nearest(word, words)
  const example = known.length === 1 ? known[0]?.example : remedy
  return {
    at: text,
    text: `${text} is not a stage: write it like ${example}`,
    ...(meant ? { didYouMean: meant } : {}),
  }
}

/**
 * Reads a profile such as `10..200 over 1m, 200 for 5m, spike 200..900 for 10s, 200..0 over 30s`; all problems at once.
 * @returns stages, rates per second
 */
export function parseProfile(text: string): {
  readonly stages: readonly Stage[]
  readonly problems: readonly Problem[]
} {
  const all = text.split(',').map((part) => readStage(part.trim()))
  return {
    stages: all.flatMap((one) => ('text' in one ? [] : one)),
    problems: all.filter((one): one is Problem => 'text' in one),
  }
}
