import { type EnvironmentHeadroom, type HeadroomView, headroomView } from '../../contract/index.ts'
import { type ExitCode, exit } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { paint } from '../marks.ts'
import { showView } from '../show-view.ts'

const signs = {
  enough: { icon: '✓', ascii: '+', colour: 32 },
  short: { icon: '✗', ascii: 'x', colour: 31 },
  unknown: { icon: '?', ascii: '?', colour: 33 },
} as const

function renderPlace(place: EnvironmentHeadroom, screen: Screen): string {
  const { service, environment, is, text, found, reasons } = place
  const { icon, ascii, colour } = signs[is]
  return [
    `${paint(screen.ascii ? ascii : icon, colour, screen)} ${service} ${environment} ${text}`,
    // What the sentence says already is not said again.
    ...reasons.flatMap((reason) => [
      ...(reason.text.includes(text) ? [] : [`  ${reason.text}`]),
      ...(reason.next === undefined ? [] : [`    next: ${reason.next}`]),
    ]),
    ...found.map((line) => `  ${line}`),
  ]
    .map((line) => `${screen.ascii ? line.replaceAll('–', '-') : line}\n`)
    .join('')
}

/** How much of its load line each environment has used in its busiest hour, and how that is known. */
export const renderHeadroom = ({ environments }: HeadroomView, screen: Screen): string =>
  environments.length === 0
    ? 'There is no environment to look at yet.\n'
    : environments.map((one) => renderPlace(one, screen)).join('')

/** Whether enough is left everywhere, too little somewhere, or nobody can tell. */
export function exitOf({ environments }: HeadroomView): ExitCode {
  if (environments.some(({ is }) => is === 'short')) return exit.no
  const isKnown = environments.length > 0 && environments.every(({ is }) => is === 'enough')
  return isKnown ? exit.yes : exit.unknown
}

export const headroom: Command = {
  name: 'headroom',
  summary: 'how near the busiest hour of the last 28 days came to what the running release carries',
  examples: ['plimsoll headroom', 'plimsoll headroom payments --json'],
  positionals: '[SERVICE]',
  options: serverOptions,
  run: (input, io) =>
    showView({ path: '/api/headroom', view: headroomView, render: renderHeadroom, exitOf }, input, io),
}
