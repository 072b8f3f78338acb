import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { detectService } from '../../config/detect.ts'
import { configFile } from '../../config/evaluate.ts'
import { writeTemplate } from '../../config/template.ts'
import { type ExitCode, exit } from '../../kernel/index.ts'
import { type Command, type Io, jsonOption } from '../command.ts'

/** Writes the file unless there is one already. @returns false when there is */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

const written = `wrote ${configFile}; read it, then: plimsoll check`
const existing = `${configFile} is there already and stays as it is; \`plimsoll init --print\` shows what would be written`

async function proposeFile(text: string, json: boolean, { cwd, stdout, stderr }: Io): Promise<ExitCode> {
  const isNew = await writeNew(join(cwd, configFile), text)
  const message = isNew ? written : existing
  if (json) stdout.write(`${JSON.stringify({ schemaVersion: 1, written: isNew, text: message })}\n`)
  else (isNew ? stdout : stderr).write(`${message}\n`)
  return isNew ? exit.yes : exit.no
}

/** `plimsoll init`: proposes a configuration from what is in the repository. */
export const init: Command = {
  name: 'init',
  summary: 'write a first plimsoll.config.ts from what the repository holds; never overwrites',
  examples: ['plimsoll init', 'plimsoll init --print'],
  options: { print: { type: 'boolean', description: 'show it, write nothing' }, json: jsonOption },
  async run({ values }, io) {
    const text = writeTemplate(await detectService(io.cwd))
    const json = values.json === true
    if (values.print !== true) return proposeFile(text, json, io)
    io.stdout.write(json ? `${JSON.stringify({ schemaVersion: 1, file: configFile, text })}\n` : text)
    return exit.yes
  },
}
