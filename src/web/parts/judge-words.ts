import type { JudgeView } from '../../contract/index.ts'
import { formatDuration } from '../../kernel/duration.ts'
import { formatCount, formatP, formatPart } from '../format.ts'

/** What the judge says in a word or two, and the status that it has on the page. */
export const verdictOf = {
  pass: { status: 'pass', word: 'No worse' },
  fail: { status: 'fail', word: 'Worse' },
  inconclusive: { status: 'inconclusive', word: 'Could not tell' },
  open: { status: 'running', word: 'Still watching' },
} as const

/** How likely it is to look so bad by chance, against how likely that may be. */
export function chanceSentence({ p, alpha }: Pick<JudgeView, 'p' | 'alpha'>): string {
  const rule = `It fails at ${formatPart(alpha)} (α): at most one in ${formatCount(Math.round(1 / alpha))} good releases is undone by mistake.`
  if (p > 0.99) return `Nothing speaks against it (p = 1). ${rule}`
  const chance = p < 0.001 ? 'less than 0.1 % (p < 0.001)' : `at most ${formatPart(p)} (p = ${formatP(p)})`
  return `Were it as good as the live version, the chance that it ever looks so bad would be ${chance}. ${rule}`
}

/** `20 % asked, 19.6 % seen` */
export const splitText = ({ asked, seen }: JudgeView['split']): string =>
  `${formatPart(asked)} asked, ${seen === null ? 'none seen yet' : `${formatPart(seen)} seen`}`

export const requestsText = ({ canary, live }: JudgeView['requests']): string =>
  `${formatCount(canary)} new, ${formatCount(live)} live`

export const watchedText = ({ watchedMs }: Pick<JudgeView, 'watchedMs'>): string =>
  watchedMs === 0 ? 'not yet' : `${formatDuration(watchedMs)} while all was well`
