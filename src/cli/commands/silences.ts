import { doneAnswer, type SilenceRequest, type SilenceView, silenceAnswer } from '../../contract/index.ts'
import { exit, momentIn, PlimsollError, type Problem, parseDuration } from '../../kernel/index.ts'
import type { Command, Input } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { onlyService, wordsOf } from '../place.ts'

type Ends = Pick<SilenceRequest, 'forMs' | 'until' | 'untilResolved'>

/** A day and a time, of this machine when no zone is named. */
const parseTime = (typed: string): number | undefined => {
  const at = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(typed)
    ? Date.parse(typed.replace(' ', 'T'))
    : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

function readEnds({ values }: Input): { readonly ends: Ends; readonly problems: readonly Problem[] } {
  const [duration, time] = [text(values.for), text(values.until)]
  const forMs = duration === undefined ? undefined : parseDuration(duration)
  const until = time === undefined ? undefined : parseTime(time)
  const given = [duration, time, values['until-resolved'] || undefined].filter((one) => one !== undefined)
  const problems = [
    ...(duration !== undefined && !forMs
      ? [{ at: '--for', text: `--for is ${duration}, expected a duration such as 2h or 1d` }]
      : []),
    ...(time !== undefined && until === undefined
      ? [
          {
            at: '--until',
            text: `--until is ${time}, expected a time such as 2026-12-01T08:00 or 2026-12-01T08:00Z`,
          },
        ]
      : []),
    ...(given.length === 1
      ? []
      : [
          {
            at: '--for',
            text: `silence needs one of --for, --until and --until-resolved${given.length === 0 ? ': none lasts for ever' : ''}`,
          },
        ]),
  ]
  const ends = {
    ...(forMs === undefined ? {} : { forMs }),
    ...(until === undefined ? {} : { until }),
    ...(values['until-resolved'] ? { untilResolved: true } : {}),
  }
  return { ends, problems }
}

/** What is asked for: everything that is wrong with it is told at once. */
function readWish(input: Input): SilenceRequest {
  const { values } = input
  const { ends, problems } = readEnds(input)
  const [reason, slo, severity, owner] = [values.reason, values.slo, values.severity, values.owner].map(text)
  const all = [
    ...(reason?.trim() ? [] : [{ at: '--reason', text: 'silence needs --reason: everybody will read it' }]),
    ...(owner?.trim() === '' ? [{ at: '--owner', text: '--owner is empty, expected a name' }] : []),
    ...problems,
  ]
  if (all.length > 0) throw new PlimsollError('PLM_USAGE', all)
  return {
    ...ends,
    ...(reason === undefined ? {} : { reason }),
    ...(slo === undefined ? {} : { slo }),
    ...(severity === undefined ? {} : { severity }),
    ...(owner === undefined ? {} : { owner }),
  }
}

/** `page alerts of availability in production of payments` */
function whatOf({ service, environment, slo, severity }: SilenceView): string {
  const alerts = severity === undefined ? 'all alerts' : `${severity}s`
  return `${alerts}${slo === undefined ? '' : ` of ${slo}`} in ${environment ?? 'every environment'} of ${service}`
}

export const silence: Command = {
  name: 'silence',
  summary: 'keeps alerts from being told for a while: with an owner, a reason and an end',
  examples: [
    'plimsoll silence payments production --severity ticket --reason "INC-12: we are on it" --for 2h',
    'plimsoll silence production --slo availability --reason "INC-12" --until-resolved',
  ],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    slo: { type: 'string', value: 'NAME', description: 'alerts of this SLO only' },
    severity: { type: 'string', value: 'page|ticket', description: 'pages or tickets only' },
    owner: {
      type: 'string',
      value: 'NAME',
      description: 'who is asked about it; the name of your token when not given',
    },
    reason: { type: 'string', value: 'TEXT', description: 'why: shown everywhere until it ends' },
    for: { type: 'string', value: 'DURATION', description: 'until when, from now' },
    until: {
      type: 'string',
      value: 'TIME',
      description: 'until when: 2026-12-01T08:00, of this machine or with a zone',
    },
    'until-resolved': { type: 'boolean', description: 'as long as what fires of it now goes on' },
  },
  async run(input, io) {
    const wish = readWish(input)
    const client = await connect(input, io)
    const { service: named, environment } = await wordsOf(client, input.positionals)
    const service = named ?? (await onlyService(client, undefined))
    const body = { ...wish, ...(environment === undefined ? {} : { environment }) }
    const path = `/api/services/${encodeURIComponent(service)}/silences`
    const answer = await client.send('POST', path, body, silenceAnswer)
    const { id, until, timeZone, quiets } = answer.silence
    const end = until === undefined ? 'until what fires of it is over' : `until ${momentIn(timeZone, until)}`
    const now =
      quiets === 0 ? 'none of it fires now' : `${quiets} of it ${quiets === 1 ? 'fires' : 'fire'} now`
    const said = `Nobody is told of ${whatOf(answer.silence)} ${end}; ${now}.\n\`plimsoll unsilence ${id}\` ends it before.\n`
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}

export const unsilence: Command = {
  name: 'unsilence',
  summary: 'ends a silence before its time: what fires is told',
  examples: ['plimsoll unsilence 3f2a91c0', 'plimsoll unsilence 3f2a91c0 --json'],
  positionals: 'SILENCE',
  options: serverOptions,
  async run(input, io) {
    const [id] = input.positionals
    if (id === undefined)
      throw new PlimsollError('PLM_USAGE', 'say which silence: `plimsoll alerts` lists them')
    const client = await connect(input, io)
    const answer = await client.send('DELETE', `/api/silences/${encodeURIComponent(id)}`, {}, doneAnswer)
    const said = answer.done ? `Silence ${id} is over; what fires of it is told.\n` : 'It was over already.\n'
    io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
    return exit.yes
  },
}
