import {
  type EnvironmentHeadroom,
  type HeadroomAhead,
  type HeadroomView,
  headroomView,
} from '../../contract/index.ts'
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

/** What is to come, in lines. */
function aheadLines({ text, chances, restores, next }: HeadroomAhead): readonly string[] {
  return [
    text,
    ...(chances === undefined ? [] : [chances]),
    ...(restores ?? []).flatMap((way) => [
      way.text,
      ...(way.next === undefined ? [] : [`  next: ${way.next}`]),
    ]),
    ...(next === undefined ? [] : [`  next: ${next}`]),
  ]
}

function whatIfLines({ whatIf, ahead: real }: EnvironmentHeadroom): readonly string[] {
  if (!whatIf) return []
  const { assumed, text, ahead } = whatIf
  const found = ahead.found.filter((line) => !real?.found.includes(line))
  const indented = [text, ...aheadLines(ahead), ...found].map((line) => `  ${line}`)
  return [`if ${assumed.join(', and ')}:`, ...indented]
}

function renderPlace(place: EnvironmentHeadroom, screen: Screen): string {
  const { service, environment, is, text, found, reasons, ahead } = place
  const { icon, ascii, colour } = signs[ahead?.isSoon ? 'short' : is]
  const below = [
    // What the sentence says already is not said again.
    ...reasons.flatMap((reason) => [
      ...(reason.text.includes(text) ? [] : [reason.text]),
      ...(reason.next === undefined ? [] : [`  next: ${reason.next}`]),
    ]),
    ...(ahead ? aheadLines(ahead) : []),
    ...whatIfLines(place),
    ...found,
    ...(ahead?.found ?? []),
  ]
  return [
    `${paint(screen.ascii ? ascii : icon, colour, screen)} ${service} ${environment} ${text}`,
    ...below.map((line) => `  ${line}`),
  ]
    .map((line) => `${screen.ascii ? line.replaceAll('–', '-') : line}\n`)
    .join('')
}

/** How much of its load line each environment has used in its busiest hour, when it crosses it, and how that is known. */
export const renderHeadroom = ({ environments }: HeadroomView, screen: Screen): string =>
  environments.length === 0
    ? 'There is no environment to look at yet.\n'
    : environments.map((one) => renderPlace(one, screen)).join('')

/**
 * Whether enough is left everywhere and for the lead time, too little somewhere, or nobody can tell. That nobody can say yet
 * what is to come is no reason: the first weeks of a service are like that.
 */
export function exitOf({ environments }: HeadroomView): ExitCode {
  if (environments.some(({ is, ahead }) => is === 'short' || ahead?.isSoon)) return exit.no
  const isKnown = environments.length > 0 && environments.every(({ is }) => is === 'enough')
  return isKnown ? exit.yes : exit.unknown
}

export const headroom: Command = {
  name: 'headroom',
  summary: 'how near load came to what the running release carries, when it will be more, what restores it',
  examples: ['plimsoll headroom payments', "plimsoll headroom payments --what-if 'friday 12:00 x2'"],
  positionals: '[SERVICE]',
  ends: 'exits with 0 when enough is left everywhere, 1 when too little is left somewhere or the load line is crossed within predict.lead with 80 %, 3 when that cannot be told; what is assumed does not count',
  options: {
    ...serverOptions,
    'what-if': {
      type: 'string',
      multiple: true,
      value: 'ASSUMPTION',
      description:
        "also say how it would be: 'friday 12:00 x2', '2026-12-04 12:00 x2', 'one instance less', 'cpus 2', 'memory 4GiB', 'size 2 cpus 4GiB', 'grows 5 % a week', 'release 5b1f0c9'; may be given several times",
    },
  },
  run: (input, io) => {
    const given = input.values['what-if']
    const ask = (Array.isArray(given) ? given : []).map((text) => ['whatIf', String(text)] as const)
    return showView(
      { path: '/api/headroom', view: headroomView, render: renderHeadroom, exitOf, ask },
      input,
      io,
    )
  },
}
