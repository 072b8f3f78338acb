import { readFileSync } from 'node:fs'
import { type ErrorCode, errorTable } from '../kernel/index.ts'
import type { Command, Option } from './command.ts'

const pad = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`).join('\n')
}

const optionRow = (name: string, option: Option): [string, string] => {
  const short = option.short ? `-${option.short}, ` : ''
  const value = option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''
  return [`${short}--${name}${value}`, option.description]
}

/** `plimsoll COMMAND --help`: two examples first. */
export function renderCommandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => optionRow(name, option))
  const usage = ['plimsoll', command.name, command.positionals, '[options]'].filter(Boolean).join(' ')
  return [
    ...command.examples.map((example) => `  ${example}`),
    '',
    command.summary,
    '',
    usage,
    '',
    pad([...options, ['-h, --help', 'this text']]),
    '',
    ...(command.ends === undefined ? [] : [command.ends, '']),
  ].join('\n')
}

/** `plimsoll help`. */
export function renderOverview(commands: readonly Command[]): string {
  return [
    '  plimsoll up          starts Plimsoll; prints where to push and where the page is',
    '  plimsoll run         runs the pipeline of this folder on this machine, as the server would',
    '',
    pad(commands.map((command) => [command.name, command.summary])),
    '',
    'plimsoll COMMAND --help shows examples and options; plimsoll help PLM_… explains an error; plimsoll --version.',
    '',
  ].join('\n')
}

/** `plimsoll --version`: of Plimsoll, and of the Node.js that runs it. */
export function renderVersion(json: boolean): string {
  const file = new URL('../../package.json', import.meta.url)
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  const { versions } = process
  return json
    ? `${JSON.stringify({ schemaVersion: 1, version, node: versions.node })}\n`
    : `plimsoll ${version} (Node.js ${versions.node})\n`
}

/** `plimsoll help PLM_…`. */
export function renderErrorHelp(code: ErrorCode): string {
  const { message, hint, exit } = errorTable[code]
  return `${code}\n\n  ${message}\n  ${hint}\n\n  exit code ${exit}\n`
}
