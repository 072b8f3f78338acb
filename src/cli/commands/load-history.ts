import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { importAnswer, type LoadHistoryView, loadHistoryView } from '../../contract/index.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import type { Command, Io, Screen } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { mark } from '../marks.ts'
import { onlyService } from '../place.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'
import { historyOfFiles } from './load-history-files.ts'

const address = (service: string): string => `/api/services/${encodeURIComponent(service)}/load`

function renderHistory({ text, comparisons }: LoadHistoryView, now: number, screen: Screen): string {
  if (comparisons.length === 0) return `${text}\n`
  const rows = comparisons.map(({ id, standing, release, text: found, requestedAt }) => [
    mark(standing, { ...screen, colour: false }),
    release.short,
    ago(requestedAt, now),
    found,
    id,
  ])
  return `${text}\n\n${renderTable([['', 'RELEASE', 'WHEN', 'FOUND', 'COMPARISON'], ...rows], screen)}`
}

export const loadHistory: Command = {
  name: 'load history',
  summary: 'how the load line of a service went from release to release, or from file to file',
  examples: ['plimsoll load history payments', 'plimsoll load history lines/*.json'],
  positionals: '[SERVICE | FILE …]',
  options: serverOptions,
  async run(input, io) {
    if (input.positionals.some((one) => one.endsWith('.json'))) return historyOfFiles(input, io)
    const client = await connect(input, io)
    const service = await onlyService(client, input.positionals[0])
    const view = await client.get(address(service), loadHistoryView)
    io.stdout.write(
      input.values.json ? `${JSON.stringify(view)}\n` : renderHistory(view, Date.now(), io.stdout),
    )
    return exit.yes
  },
}

async function readEvidence(file: string, io: Io): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(io.cwd, file), 'utf8'))
  } catch (error) {
    throw new PlimsollError('PLM_USAGE', `${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

export const loadImport: Command = {
  name: 'load import',
  summary: 'keeps a comparison that was made elsewhere as evidence of its release',
  examples: ['plimsoll load import comparison.json', 'plimsoll load import comparison.json payments'],
  positionals: 'FILE [SERVICE]',
  options: serverOptions,
  async run(input, io) {
    const [file, service] = input.positionals
    if (file === undefined)
      throw new PlimsollError(
        'PLM_USAGE',
        'say which file: `load compare --report comparison.json` writes one',
      )
    const evidence = await readEvidence(file, io)
    const client = await connect(input, io)
    const at = `${address(await onlyService(client, service))}/imports`
    const answer = await client.send('POST', at, evidence, importAnswer)
    const said = `Evidence of ${answer.release.short} beside ${answer.against.short}: ${answer.text}\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}
