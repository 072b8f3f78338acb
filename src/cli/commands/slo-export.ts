import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Document } from 'yaml'
import { readConfig } from '../../config/read.ts'
import type { ServiceConfig } from '../../config/schema.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import { promisedIn, type RuleGroup, ruleGroups } from '../../watch/index.ts'
import { type Command, jsonOption } from '../command.ts'
import { renderNotes } from '../problems.ts'

const header = ` Written by plimsoll slo export from plimsoll.config.ts: change that, not this.
 The histogram of durations needs an edge at what each latency objective is below.`

/** Rules as a file that Prometheus reads. */
function writeRules(groups: readonly RuleGroup[]): string {
  const document = new Document({ groups }, { aliasDuplicateObjects: false })
  document.commentBefore = header
  return document.toString({ lineWidth: 0, blockQuote: 'literal' })
}

/** The rules of everything that a service promises. */
const groupsOf = ({ service, slos, environments }: ServiceConfig): readonly RuleGroup[] =>
  slos.flatMap((slo) =>
    promisedIn(slo, environments).flatMap((environment) => ruleGroups(slo, { service, environment })),
  )

const nothingPromised =
  'slos: nothing is promised anywhere, since plimsoll.config.ts has no SLO, or no environment in which it holds'

/** `plimsoll slo export`: the same alerts, for a Prometheus of the team's own. */
export const sloExport: Command = {
  name: 'slo export',
  summary: "write rules for Prometheus that alert by the service's SLOs",
  examples: ['plimsoll slo export --output slo.rules.yml', 'plimsoll slo export --json'],
  options: {
    output: { type: 'string', value: 'FILE', description: 'write them there instead of showing them' },
    json: jsonOption,
  },
  async run({ values }, { cwd, stdout, stderr }) {
    const { config, notes } = await readConfig({ folder: cwd })
    const groups = groupsOf(config)
    if (groups.length === 0) throw new PlimsollError('PLM_USAGE', nothingPromised)
    stderr.write(renderNotes(notes, stderr))
    const { output } = values
    const count = groups.reduce((sum, { rules }) => sum + rules.length, 0)
    const text = typeof output === 'string' ? `wrote ${count} rules to ${output}` : `${count} rules`
    if (typeof output === 'string') await writeFile(resolve(cwd, output), writeRules(groups))
    const document = { schemaVersion: 1, service: config.service, text, groups, notes }
    if (values.json === true) stdout.write(`${JSON.stringify(document)}\n`)
    else stdout.write(typeof output === 'string' ? `${text}\n` : writeRules(groups))
    return exit.yes
  },
}
