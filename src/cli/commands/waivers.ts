import { doneAnswer } from '../../contract/index.ts'
import { exit, PlimsollError, parseDuration } from '../../kernel/index.ts'
import type { Command, Input } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { findPlace, type Place } from '../place.ts'

/** The last word is the gate; what comes before it says where. */
function readGate({ positionals }: Input): { readonly gate: string; readonly words: readonly string[] } {
  const gate = positionals.at(-1)
  if (gate === undefined)
    throw new PlimsollError('PLM_USAGE', 'say which gate: `plimsoll waive production loadLine …`')
  return { gate, words: positionals.slice(0, -1) }
}

const address = ({ service, environment }: Place, gate: string): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/waivers/${encodeURIComponent(gate)}`

/** Reason and end, both of which are required: what is wrong with them is told at once. */
function readTerms({ values }: Input): { readonly reason: string; readonly forMs: number } {
  const reason = text(values.reason)
  const forMs = parseDuration(text(values.for) ?? '')
  if (reason && forMs) return { reason, forMs }
  throw new PlimsollError('PLM_USAGE', [
    ...(reason ? [] : [{ at: '--reason', text: 'waive needs --reason: everybody will read it' }]),
    ...(forMs
      ? []
      : [
          {
            at: '--for',
            text:
              values.for === undefined
                ? 'waive needs --for: no waiver lasts for ever'
                : `--for is ${values.for}, expected a duration such as 4h or 2d`,
          },
        ]),
  ])
}

export const waive: Command = {
  name: 'waive',
  summary: 'lets the verdict of a gate through for a while: with your name, a reason and an end',
  examples: [
    'plimsoll waive production loadLine --reason "needed for the audit, carries enough" --for 2d',
    'plimsoll waive payments production tests --reason "incident 12" --for 1h',
  ],
  positionals: '[SERVICE] [ENVIRONMENT] GATE',
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why: shown everywhere until it ends' },
    for: { type: 'string', value: 'DURATION', description: 'until when, from now; it ends by itself' },
  },
  async run(input, io) {
    const { gate, words } = readGate(input)
    const terms = readTerms(input)
    const client = await connect(input, io)
    const place = await findPlace(client, words)
    const answer = await client.send('PUT', address(place, gate), terms, doneAnswer)
    const said = `${place.environment.name} lets gate ${gate} through; what waits there goes on, what was stopped comes with \`plimsoll promote\`.\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}

export const unwaive: Command = {
  name: 'unwaive',
  summary: 'lets a gate hold again before its waiver ends',
  examples: ['plimsoll unwaive production loadLine', 'plimsoll unwaive payments production tests'],
  positionals: '[SERVICE] [ENVIRONMENT] GATE',
  options: serverOptions,
  async run(input, io) {
    const { gate, words } = readGate(input)
    const client = await connect(input, io)
    const answer = await client.send('DELETE', address(await findPlace(client, words), gate), {}, doneAnswer)
    const said = answer.done ? `Gate ${gate} holds again.\n` : 'Nobody had waived it.\n'
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}
