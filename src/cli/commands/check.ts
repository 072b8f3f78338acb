import { checkDockerfiles } from '../../config/dockerfiles.ts'
import { orderEnvironments } from '../../config/order.ts'
import { readConfig } from '../../config/read.ts'
import type { ServiceConfig } from '../../config/schema.ts'
import { exit } from '../../kernel/index.ts'
import { type Command, jsonOption } from '../command.ts'
import { renderNotes } from '../problems.ts'

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`

/** `4 jobs, 2 environments (staging → production)` */
export function summarize({ pipeline, environments }: ServiceConfig): string {
  const order = orderEnvironments(environments)
  const path = order.map((name, index) => arrive(name, environments[name]?.after, order[index - 1])).join('')
  const counts = `${count(Object.keys(pipeline).length, 'job')}, ${count(order.length, 'environment')}`
  return path === '' ? counts : `${counts} (${path})`
}

/** An arrow only where an environment really follows the one before it. */
function arrive(name: string, after: string | undefined, before: string | undefined): string {
  if (before === undefined) return name
  if (after === before) return ` → ${name}`
  return after === undefined ? `, ${name}` : `, ${after} → ${name}`
}

/** `plimsoll check`: is the configuration sound? */
export const check: Command = {
  name: 'check',
  summary: 'check plimsoll.config.ts; report every problem at once',
  examples: ['plimsoll check', 'plimsoll check --json'],
  options: { json: jsonOption },
  async run({ values }, { cwd, stdout, stderr }) {
    const { config, notes, evaluated } = await readConfig({ folder: cwd })
    await checkDockerfiles(config, cwd)
    stderr.write(renderNotes(notes, stderr))
    const text = `${evaluated.file} is sound: ${summarize(config)}`
    const document = { schemaVersion: 1, sound: true, text, service: config.service, notes }
    const arrow = stdout.ascii ? text.replaceAll('→', '->') : text
    stdout.write(values.json === true ? `${JSON.stringify(document)}\n` : `${arrow}\n`)
    return exit.yes
  },
}
