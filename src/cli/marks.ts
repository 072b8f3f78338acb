import type { Standing } from '../contract/index.ts'
import type { Screen } from './command.ts'

export type Mark = { readonly icon: string; readonly ascii: string; readonly colour: number }

const marks: Readonly<Record<Standing, Mark>> = {
  waiting: { icon: '◌', ascii: '.', colour: 2 },
  running: { icon: '●', ascii: '*', colour: 34 },
  passed: { icon: '✓', ascii: '+', colour: 32 },
  failed: { icon: '✗', ascii: 'x', colour: 31 },
  inconclusive: { icon: '?', ascii: '?', colour: 33 },
  cancelled: { icon: '⊘', ascii: '-', colour: 33 },
  skipped: { icon: '–', ascii: '-', colour: 2 },
}

export const paint = (text: string, colour: number, screen: Pick<Screen, 'colour'>): string =>
  screen.colour ? `\u001b[${colour}m${text}\u001b[0m` : text

/** The icon alone: a word for it stands beside it. */
export const sign = ({ icon, ascii, colour }: Mark, screen: Pick<Screen, 'colour' | 'ascii'>): string =>
  paint(screen.ascii ? ascii : icon, colour, screen)

/** Icon and word: never colour alone. */
export function mark(standing: Standing, screen: Pick<Screen, 'colour' | 'ascii'>): string {
  const { icon, ascii, colour } = marks[standing]
  return paint(`${screen.ascii ? ascii : icon} ${standing}`, colour, screen)
}
