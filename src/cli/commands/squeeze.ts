import { randomUUID } from 'node:crypto'
import {
  doneAnswer,
  type SqueezePlan,
  type SqueezeView,
  squeezeAnswer,
  squeezePlan,
  squeezeView,
} from '../../contract/index.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, PlimsollError, type Problem } from '../../kernel/index.ts'
import { ask } from '../ask.ts'
import type { Client } from '../client.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { createLive } from '../live.ts'
import { mark } from '../marks.ts'
import { askPatiently } from '../patience.ts'
import { findPlace, here, type Place } from '../place.ts'
import { percent, rate, renderPlan, renderSqueeze } from '../squeeze-screen.ts'

type Wish = { to?: number; stages?: number[]; maxShare?: number; instance?: number }

const shareOf = (given: string): number =>
  given.endsWith('%') ? Number(given.slice(0, -1)) / 100 : Number(given)

const isShare = (share: number): boolean => share > 0 && share < 1

/** All that is wrong with what was typed, at once. */
export function wishOf({ values }: Input): Wish {
  const [to, stages, most] = [text(values.to), text(values.stages), text(values['max-share'])]
  const which = text(values.instance)
  const instance = which === undefined ? undefined : Number(which)
  const rate = to === undefined ? undefined : Number(to.replace(/\/s$/, ''))
  const shares = stages?.split(',').map((one) => shareOf(one.trim()))
  const maxShare = most === undefined ? undefined : shareOf(most)
  const isAscending = shares?.every((one, i) => isShare(one) && one > (shares[i - 1] ?? 0))
  const problems: Problem[] = [
    ...(rate !== undefined && !(rate > 0)
      ? [{ text: `--to is ${to}, expected requests a second, such as 900/s` }]
      : []),
    ...(shares && !isAscending
      ? [{ text: `--stages is ${stages}, expected ascending shares below 1, such as 0.4,0.5,0.6` }]
      : []),
    ...(maxShare !== undefined && !isShare(maxShare)
      ? [{ text: `--max-share is ${most}, expected a share below 1, such as 0.6` }]
      : []),
    ...(which !== undefined && !/^\d+$/.test(which)
      ? [{ text: `--instance is ${which}, expected the number of an instance, such as 0` }]
      : []),
  ]
  if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
  return {
    ...(rate === undefined ? {} : { to: rate }),
    ...(shares ? { stages: shares } : {}),
    ...(maxShare === undefined ? {} : { maxShare }),
    ...(instance === undefined ? {} : { instance }),
  }
}

/** To read what would be done, reading rights are enough. */
function planAddress(place: Place, { stages, ...wish }: Wish): string {
  const asked = Object.entries({ ...wish, ...(stages ? { stages: stages.join(',') } : {}) })
  return `${addressOf(place)}/plan?${new URLSearchParams(asked.map(([key, value]) => [key, String(value)]))}`
}

/** Whether it would begin, as `--dry-run` answers. */
const planExit = ({ allowed, reasons }: SqueezePlan): ExitCode =>
  allowed ? (reasons.length === 0 ? exit.yes : exit.no) : exit.usage

const addressOf = ({ service, environment }: Place): string =>
  `/api/services/${encodeURIComponent(service.name)}/environments/${encodeURIComponent(environment.name)}/squeezes`

/** A server that is started again meanwhile is waited for: the squeeze has ended with the one before. */
const awayMs = 30_000

const read = (client: Client, id: string): Promise<SqueezeView> =>
  askPatiently(() => client.get(`/api/squeezes/${encodeURIComponent(id)}`, squeezeView), awayMs)

/** Whoever asked looks on: when he goes, nobody is squeezed any more. */
async function follow(client: Client, id: string, io: Io): Promise<SqueezeView> {
  const live = createLive(io.stderr, realClock)
  let told = 0
  try {
    for (;;) {
      const view = await read(client, id)
      for (const one of view.stages.slice(told))
        live.say(`${mark(one.is, io.stderr)}  ${percent(one.share)}: ${rate(one.ratePerSecond)}; ${one.text}`)
      told = view.stages.length
      if (view.endedAt !== undefined) return view
      live.show([`${mark('running', io.stderr)}  ${view.text}`])
      await realClock.until(realClock.now() + 500, io.signal)
      if (!io.signal?.aborted) continue
      const reason = 'whoever looked on has gone'
      await client.send('POST', `/api/squeezes/${encodeURIComponent(id)}/cancel`, { reason }, doneAnswer)
      throw new PlimsollError('PLM_USAGE', 'interrupted; requests are being split evenly again')
    }
  } finally {
    live.end()
  }
}

/** No, when it carries less than was asked; unknown, when that was not found out. */
export function squeezeExit({ standing, found, toPerSecond }: SqueezeView): ExitCode {
  if (standing === 'cancelled') return exit.no
  if (!found) return exit.unknown
  if (toPerSecond === undefined) return exit.yes
  const isCarried = found.verdict !== 'below' && found.ratePerSecond >= 0.98 * toPerSecond
  if (isCarried) return exit.yes
  return found.verdict === 'atLeast' ? exit.unknown : exit.no
}

async function stop(client: Client, place: Place, input: Input, io: Io): Promise<ExitCode> {
  const reason = text(input.values.reason) ?? 'no reason given'
  const answer = await client.send('POST', `${addressOf(place)}/stop`, { reason }, doneAnswer)
  const said = answer.done ? 'Requests are being split evenly again.' : 'Nobody squeezes it.'
  io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : `${said}\n`)
  return answer.done ? exit.yes : exit.no
}

export const squeeze: Command = {
  name: 'squeeze',
  summary: 'asks more and more of one instance of what is live, to know what it carries; then all as before',
  examples: ['plimsoll squeeze production --to 400/s', 'plimsoll squeeze payments production --stop'],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    to: {
      type: 'string',
      value: 'N/s',
      description: 'enough is known once the instance has carried so many',
    },
    stages: {
      type: 'string',
      value: 'SHARES',
      description: 'shares of the requests for the instance: 0.4,0.5,0.6',
    },
    'max-share': { type: 'string', value: 'SHARE', description: 'no more than this, and than is configured' },
    instance: {
      type: 'string',
      value: 'N',
      description: 'the number of the instance; the one that was squeezed longest ago when not given',
    },
    reason: { type: 'string', value: 'TEXT', description: 'why; kept with the squeeze' },
    yes: { type: 'boolean', short: 'y', description: 'do not ask' },
    'dry-run': {
      type: 'boolean',
      description: 'say what would happen now and what speaks against it; do nothing',
    },
    stop: { type: 'boolean', description: 'ends the one that goes on: requests are split evenly again' },
  },
  async run(input, io) {
    const wish = wishOf(input)
    const client = await connect(input, io)
    const place = await findPlace(client, input.positionals)
    if (input.values.stop) return stop(client, place, input, io)
    const plan = await client.get(planAddress(place, wish), squeezePlan)
    if (input.values['dry-run']) {
      io.stdout.write(input.values.json ? `${JSON.stringify(plan)}\n` : renderPlan(plan, io.stdout))
      return planExit(plan)
    }
    if (!input.values.yes && plan.reasons.length === 0) {
      if (io.stderr.isTTY) io.stderr.write(renderPlan(plan, io.stderr))
      if (!(await ask(`One instance of ${here(place)} will get more requests. Go on?`, io))) return exit.no
    }
    const reason = text(input.values.reason)
    const asked = { ...wish, name: randomUUID(), ...(reason === undefined ? {} : { reason }) }
    const answer = await askPatiently(() => client.send('POST', addressOf(place), asked, squeezeAnswer))
    const view = await follow(client, answer.squeeze, io)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderSqueeze(view, io.stdout))
    return squeezeExit(view)
  },
}
