import { type SpikeSummary, type SpikeView, spikeView } from '../contract/index.ts'
import { realClock } from '../host/index.ts'
import { type ExitCode, exit, formatDuration, PlimsollError } from '../kernel/index.ts'
import type { Client } from './client.ts'
import type { Input, Io } from './command.ts'
import { createLive } from './live.ts'
import { mark } from './marks.ts'

export const spikeAddress = (id: string): string => `/api/tries/${encodeURIComponent(id)}`

/** `14:05`, with the day when that is not today. */
export function clockTime(at: number, now: number): string {
  const day = (time: number) => new Date(time).toDateString()
  const [clock, date] = [new Date(at).toTimeString().slice(0, 5), new Date(at).toISOString().slice(0, 10)]
  return day(at) === day(now) ? clock : `${date} ${clock}`
}

const count = (n: number): string => n.toLocaleString('en-GB')

/** `1,204 requests, 3 errors, 0 lost; p50 4 ms, p99 31 ms` */
export function figuresText({ requests, errors, lost, p50, p99 }: SpikeSummary['figures']): string {
  const ms = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)))
  const times = p50 === undefined || p99 === undefined ? '' : `; p50 ${ms(p50)} ms, p99 ${ms(p99)} ms`
  return `${count(requests)} requests, ${count(errors)} errors, ${count(lost)} lost${times}`
}

function openText({ address, until, id }: SpikeSummary, now: number): string {
  const left = until === undefined ? '' : ` until ${clockTime(until, now)} (${formatDuration(until - now)})`
  return `${id} is open at ${address}${left}`
}

/** Where it is and until when; what its checks said; what can be done next. */
export function renderSpike(view: SpikeView, now: number, io: Io): string {
  const newest = view.changes.at(-1)
  const isOpen = view.is === 'open'
  const failed = newest?.standing === 'failed'
  const standing = isOpen && !failed ? 'passed' : view.is === 'closed' && !failed ? 'cancelled' : 'failed'
  const lines = [
    `${mark(standing, io.stdout)}  ${isOpen ? openText(view, now) : `${view.id} ${view.text}`}`,
    ...(isOpen && failed ? [`  the newest change failed: ${newest.because}`] : []),
    ...(view.change?.checks === undefined ? [] : [`  its checks did not all pass: ${view.change.checks}`]),
    ...(view.question === undefined ? [] : [`  question: ${view.question}`]),
    ...(view.answer?.text === undefined ? [] : [`  answer (${view.answer.by}): ${view.answer.text}`]),
    ...view.reports.map(
      ({ title, rows }) => `  ${title}: ${rows.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
    ),
    `  ${figuresText(view.figures)}`,
    ...(isOpen
      ? [
          `  a newer working tree: plimsoll try ${view.number}; the end: plimsoll try close ${view.number} --answer '…'`,
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

/** The change that this run builds runs, was replaced or failed; or everything is over. */
function isSettled({ is, changes }: SpikeView, run: string): boolean {
  const standing = changes.find((change) => change.run === run)?.standing
  const through = standing === 'runs' || standing === 'replaced' || standing === 'failed'
  return is === 'closed' || (is === 'open' && through)
}

/** A server that is started again meanwhile is waited for. */
const patienceMs = 30_000

async function follow(client: Client, id: string, run: string, io: Io): Promise<SpikeView> {
  const live = createLive(io.stderr, realClock)
  let [told, heardAt] = ['', realClock.now()]
  try {
    for (;;) {
      const view = await client.get(spikeAddress(id), spikeView).catch((error: unknown) => {
        const isAway = error instanceof PlimsollError && error.code === 'PLM_SERVER_UNREACHABLE'
        if (!isAway || realClock.now() - heardAt > patienceMs) throw error
        return undefined
      })
      if (view) {
        heardAt = realClock.now()
        if (isSettled(view, run)) return view
        const line = `${mark('running', io.stderr)}  ${view.id}: ${view.text}`
        if (line !== told) live.say(line)
        told = line
        live.show([line])
      }
      await realClock.until(realClock.now() + 250, io.signal)
      if (io.signal?.aborted) throw new PlimsollError('PLM_USAGE', `interrupted; ${id} goes on`)
    }
  } finally {
    live.end()
  }
}

/** Follows it until the change of a run runs in it, or is given up. */
export async function showSpike(
  client: Client,
  id: string,
  run: string,
  input: Input,
  io: Io,
): Promise<ExitCode> {
  const view = await follow(client, id, run, io)
  io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderSpike(view, realClock.now(), io))
  const standing = view.changes.find((change) => change.run === run)?.standing
  return view.is === 'open' && standing !== 'failed' ? exit.yes : exit.no
}
