import { readConfig } from '../../config/read.ts'
import { formatConfig, viewConfig } from '../../config/view.ts'
import { exit } from '../../kernel/index.ts'
import { type Command, jsonOption } from '../command.ts'

/** `plimsoll config`: the configuration as Plimsoll sees it. */
export const config: Command = {
  name: 'config',
  summary: 'show the configuration with all defaults; secrets by name only',
  examples: ['plimsoll config', 'plimsoll config --json'],
  options: { json: jsonOption },
  async run({ values }, { cwd, stdout }) {
    const read = await readConfig({ folder: cwd })
    const view = viewConfig(read.config, read.evaluated.value)
    const { entries, ...document } = view
    stdout.write(values.json === true ? `${JSON.stringify(document)}\n` : `${formatConfig({ entries })}\n`)
    return exit.yes
  },
}
