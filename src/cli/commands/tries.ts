import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  doneAnswer,
  type SpikeSummary,
  type SpikesView,
  spikesView,
  spikeView,
} from '../../contract/index.ts'
import { exit, formatDuration, PlimsollError } from '../../kernel/index.ts'
import type { Client } from '../client.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { onlyService, serviceOf } from '../place.ts'
import { clockTime, figuresText, renderSpike, spikeAddress } from '../spike-screen.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'
import { readLife } from './try.ts'

/** The service of this folder, when it is one; else the only one of the server. */
async function serviceHere(client: Client, named: string | undefined, io: Io): Promise<string> {
  if (named !== undefined) return onlyService(client, named)
  return onlyService(client, await serviceOf(io.cwd))
}

/** `3`, `try-3`, `payments 3` or `payments.try-3`. */
async function findSpike(client: Client, words: readonly string[], io: Io): Promise<string> {
  const last = words.at(-1)
  if (last === undefined)
    throw new PlimsollError('PLM_USAGE', 'say which try by its number: `plimsoll try list` shows them')
  if (/^[^.]+\.try-\d+$/.test(last)) return last
  const [, digits] = /^(?:try-)?(\d+)$/.exec(last) ?? []
  if (digits === undefined)
    throw new PlimsollError('PLM_USAGE', `${last} is no number of a try: \`plimsoll try list\` shows them`)
  const service = await serviceHere(client, words.length > 1 ? words[0] : undefined, io)
  return `${service}.try-${digits}`
}

function cellsOf(spike: SpikeSummary, now: number): string[] {
  const { number, is, owner, address, until, requestedAt, question, change, text: said, answer } = spike
  const left = until === undefined ? '' : `until ${clockTime(until, now)} (${formatDuration(until - now)})`
  const about = question ?? change?.subject ?? ''
  const outcome = answer?.text === undefined ? said : `answer: ${answer.text}`
  return [
    String(number),
    is,
    owner,
    ago(requestedAt, now),
    address ?? '',
    left,
    about,
    is === 'open' ? '' : outcome,
  ]
}

/** Open ones, or all with what came of them. */
export function renderSpikes(
  { spikes }: Pick<SpikesView, 'spikes'>,
  all: boolean,
  now: number,
  io: Io,
): string {
  const shown = spikes.filter(({ is }) => all || is !== 'closed')
  if (shown.length === 0)
    return all ? 'Nothing was tried yet: plimsoll try\n' : 'Nothing is tried now: plimsoll try\n'
  const head = ['N', 'STATUS', 'OWNER', 'SINCE', 'ADDRESS', 'TIME', 'ABOUT', 'OUTCOME']
  const table = renderTable([head, ...shown.map((spike) => cellsOf(spike, now))], io.stdout)
  if (!all) return table
  const figures = shown
    .filter(({ is }) => is === 'closed')
    .map(({ number, figures: f }) => `  ${number}: ${figuresText(f)}`)
  return `${table}${figures.length > 0 ? `\n${figures.join('\n')}\n` : ''}`
}

export const tryList: Command = {
  name: 'try list',
  summary: 'the environments that are open for a while; with --all what earlier ones answered',
  examples: ['plimsoll try list', 'plimsoll try list payments --all'],
  positionals: '[SERVICE]',
  options: {
    ...serverOptions,
    all: { type: 'boolean', description: 'closed ones too, with answers and figures' },
  },
  async run(input, io) {
    const client = await connect(input, io)
    const service = await serviceHere(client, input.positionals[0], io)
    const view = await client.get(`/api/services/${encodeURIComponent(service)}/tries`, spikesView)
    const all = input.values.all === true
    const spikes = all ? view.spikes : view.spikes.filter(({ is }) => is !== 'closed')
    io.stdout.write(
      input.values.json
        ? `${JSON.stringify({ ...view, spikes })}\n`
        : renderSpikes(view, all, Date.now(), io),
    )
    return exit.yes
  },
}

const which = '[SERVICE] N'

export const tryShow: Command = {
  name: 'try show',
  summary: 'one environment of a try: address, time left, question, answer and figures',
  examples: ['plimsoll try show 3', 'plimsoll try show payments 3 --json'],
  positionals: which,
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const view = await client.get(spikeAddress(await findSpike(client, input.positionals, io)), spikeView)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderSpike(view, Date.now(), io))
    return exit.yes
  },
}

export const tryExtend: Command = {
  name: 'try extend',
  summary: 'lets a try live longer: so long from now',
  examples: ['plimsoll try extend 3 --for 2h', 'plimsoll try extend payments 3 --for 1d'],
  positionals: which,
  options: {
    ...serverOptions,
    for: { type: 'string', value: 'DURATION', description: 'how long, from now' },
  },
  async run(input, io) {
    const lifeMs = readLife(input)
    if (lifeMs === undefined) throw new PlimsollError('PLM_USAGE', 'try extend needs --for, such as --for 2h')
    const client = await connect(input, io)
    const id = await findSpike(client, input.positionals, io)
    const answer = await client.send('POST', `${spikeAddress(id)}/extend`, { lifeMs }, doneAnswer)
    const said = `${id} lives until ${clockTime(Date.now() + lifeMs, Date.now())}.\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}

/** Reports of load tests, read before anything is closed. */
async function readNumbers({ values }: Input, io: Io): Promise<unknown[]> {
  const files = Array.isArray(values.numbers) ? values.numbers.map(String) : []
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        const report: unknown = JSON.parse(await readFile(resolve(io.cwd, file), 'utf8'))
        if (typeof report === 'object' && report !== null && !Array.isArray(report)) return { report }
        return { problem: { at: '--numbers', text: `${file} holds no JSON object` } }
      } catch (error) {
        return { problem: { at: '--numbers', text: `${file} cannot be read: ${(error as Error).message}` } }
      }
    }),
  )
  const problems = read.flatMap(({ problem }) => problem ?? [])
  if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
  return read.flatMap(({ report }) => report ?? [])
}

export const tryClose: Command = {
  name: 'try close',
  summary: 'ends a try and takes everything of it away; question, answer and figures are kept',
  examples: [
    "plimsoll try close 3 --answer 'It holds: p99 31 ms at 400 requests/s' --numbers report.json",
    'plimsoll try close payments 3',
  ],
  positionals: which,
  options: {
    ...serverOptions,
    answer: {
      type: 'string',
      value: 'TEXT',
      description: 'to its question; may also be given when it is over',
    },
    numbers: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      description:
        'a report of `plimsoll load … --report FILE.json`, kept with the answer; may be given again',
    },
  },
  async run(input, io) {
    const reports = await readNumbers(input, io)
    const client = await connect(input, io)
    const id = await findSpike(client, input.positionals, io)
    const given = text(input.values.answer)
    const body = { reports, ...(given === undefined ? {} : { answer: given }) }
    const answer = await client.send('POST', `${spikeAddress(id)}/close`, body, doneAnswer)
    const said = `${id} is closed; what was asked, answered and measured is kept: plimsoll try list --all\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}

export const tryLeave: Command = {
  name: 'try leave',
  summary: 'gives up taking away what a try depended on: somebody has to do it by hand',
  examples: [
    "plimsoll try leave 3 --reason 'the database server is gone'",
    "plimsoll try leave payments 3 --reason 'removed by hand'",
  ],
  positionals: which,
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why: kept with the try' },
  },
  async run(input, io) {
    const reason = text(input.values.reason)
    if (!reason) throw new PlimsollError('PLM_USAGE', 'try leave needs --reason: it is kept with the try')
    const client = await connect(input, io)
    const id = await findSpike(client, input.positionals, io)
    const answer = await client.send('POST', `${spikeAddress(id)}/leave`, { reason }, doneAnswer)
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${id} is left as it is.\n`)
    return exit.yes
  },
}
