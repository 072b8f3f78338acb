import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { historyAnswer, historyRequest } from '../../contract/index.ts'
import { exit, PlimsollError, type Problem, schemaProblem } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { onlyService } from '../place.ts'

const oneSeries = historyRequest.shape.series.element

/** A line of it, and all that is wrong with it. */
function readLine(line: string): { readonly series?: unknown; readonly problems: readonly Problem[] } {
  try {
    const series: unknown = JSON.parse(line)
    const { error } = oneSeries.safeParse(series)
    const issues = error?.issues ?? []
    return { series, problems: issues.map(({ path, message }) => schemaProblem(path, message)) }
  } catch (error) {
    return { problems: [{ text: `is not JSON: ${(error as Error).message}` }] }
  }
}

/** A series a line, as VictoriaMetrics exports them. @throws PLM_USAGE with every line that is none */
async function readLines(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new PlimsollError('PLM_USAGE', `${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  })
  const problems: Problem[] = []
  const series = text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const read = readLine(line)
    problems.push(...read.problems.map((one) => ({ place: `${file}:${i + 1}`, ...one })))
    return [read.series]
  })
  if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
  return series
}

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

export const sloImport: Command = {
  name: 'slo import',
  summary: 'brings along what another tool knows of an environment, and says so wherever it counts',
  examples: [
    'plimsoll slo import history.jsonl production',
    'plimsoll slo import history.jsonl production payments',
  ],
  positionals: 'FILE ENVIRONMENT [SERVICE]',
  options: serverOptions,
  async run(input, io) {
    const [file, environment, service] = input.positionals
    if (file === undefined || environment === undefined)
      throw new PlimsollError(
        'PLM_USAGE',
        'say which file, with a series a line as VictoriaMetrics exports them, and of which environment it tells',
      )
    const series = await readLines(resolve(io.cwd, file))
    const client = await connect(input, io)
    const name = encodeURIComponent(await onlyService(client, service))
    const path = `/api/services/${name}/environments/${encodeURIComponent(environment)}/history`
    const answer = await client.send('POST', path, { series }, historyAnswer)
    const said = `${environment} has ${series.length} series from ${time(answer.from)} to ${time(answer.until)} UTC: back-filled, and shown as such\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}
