import { type DifferenceView, type DriftView, driftView } from '../../contract/index.ts'
import { type ExitCode, exit, type Instant } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { sign } from '../marks.ts'
import { findPlace } from '../place.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

const exits: Readonly<Record<DriftView['is'], ExitCode>> = {
  inStep: exit.yes,
  following: exit.no,
  drift: exit.no,
  unknown: exit.unknown,
}

const signs = {
  inStep: { icon: '✓', ascii: '+', colour: 32 },
  following: { icon: '●', ascii: '*', colour: 34 },
  drift: { icon: '✗', ascii: 'x', colour: 31 },
  unknown: { icon: '?', ascii: '?', colour: 33 },
} as const

function whyOf({ declared, coming, because }: DifferenceView): string {
  if (declared !== undefined) return `declared: ${declared}`
  if (coming !== undefined) return `${coming} brings it`
  return because ?? 'not declared'
}

/** The verdict, what cannot be told, then a row for each difference. */
export function renderDrift(view: DriftView, now: Instant, screen: Screen): string {
  const { service, environment, text, unknown, differences } = view
  const head = `${sign(signs[view.is], screen)} ${environment} of ${service}: ${text}\n`
  const untold = unknown.map((what) => `  ${what}\n`).join('')
  if (differences.length === 0) return `${head}${untold}`
  const rows = differences.map((one) => [one.what, one.there, one.here, ago(one.since, now), whyOf(one)])
  const table = renderTable(
    [['WHAT', view.with.toUpperCase(), environment.toUpperCase(), 'SINCE', 'WHY'], ...rows],
    screen,
  )
  return `${head}${untold}\n${table}`
}

export const drift: Command = {
  name: 'drift',
  summary: 'what differs between an environment and the one that it is in step with, and since when',
  examples: ['plimsoll drift perf', 'plimsoll drift payments perf --json'],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const { service, environment } = await findPlace(client, input.positionals)
    const address = `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/drift`
    const view = await client.get(address, driftView)
    io.stdout.write(
      input.values.json ? `${JSON.stringify(view)}\n` : renderDrift(view, Date.now(), io.stdout),
    )
    return exits[view.is]
  },
}
