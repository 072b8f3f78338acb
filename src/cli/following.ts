import { type DeploymentView, deploymentView } from '../contract/index.ts'
import { patientGates } from '../contract/overview/journey.ts'
import { realClock } from '../host/index.ts'
import { type ExitCode, exit, PlimsollError } from '../kernel/index.ts'
import type { Client } from './client.ts'
import type { Input, Io } from './command.ts'
import { createLive } from './live.ts'
import { mark } from './marks.ts'

const standingExit: Readonly<Record<DeploymentView['standing'], ExitCode>> = {
  passed: exit.yes,
  failed: exit.no,
  cancelled: exit.no,
  skipped: exit.no,
  inconclusive: exit.unknown,
  waiting: exit.unknown,
  running: exit.unknown,
}

function renderEnd(view: DeploymentView, io: Io): string {
  const failedGates = view.gates.filter((gate) => gate.is !== 'pass')
  const reasons = [...view.reasons, ...failedGates.flatMap((gate) => gate.reasons)].map(
    ({ text: why }) => `  ${why}\n`,
  )
  const next = view.reasons.flatMap((reason) =>
    reason.next === undefined ? [] : [`  next: ${reason.next}\n`],
  )
  const back = view.standing === 'passed' && view.rollback ? `  to go back: ${view.rollback.command}\n` : ''
  return `${mark(view.standing, io.stdout)}  ${view.text}\n${[...new Set([...reasons, ...next])].join('')}${back}`
}

/** The stage that goes on, and what it waits for. */
export function currentLines(view: DeploymentView, io: Io): { stage: string; lines: string[] } {
  const current = view.rail.findLast((step) => step.standing === 'running')
  const stage = current?.title ?? view.text
  const { lost, accepted } = view.ledger
  const requests = `${lost} of ${accepted.toLocaleString('en-GB')} requests lost`
  const why = current?.because ? ` – ${current.because}` : ''
  return { stage, lines: [`${mark('running', io.stderr)}  ${stage}${why}; ${requests}`] }
}

function renderWait(view: DeploymentView, io: Io): string {
  const lines = patientGates(view).flatMap(({ name, reasons, action }) => [
    ...reasons.map(({ text }) => `  gate ${name}: ${text}`),
    ...(action ? [`    ${action.command}`] : []),
  ])
  return [
    `${mark('waiting', io.stdout)}  ${view.id} waits, and holds nobody up; it goes on by itself when its gates let it`,
    ...lines,
    '',
  ].join('\n')
}

/** Follows a deployment to its end, or until it waits for a person or a date: each stage is said once, what it waits for is shown while it does. */
async function follow(client: Client, id: string, patient: boolean, io: Io): Promise<DeploymentView> {
  const live = createLive(io.stderr, realClock)
  let told = ''
  try {
    for (;;) {
      const view = await client.get(`/api/deployments/${encodeURIComponent(id)}`, deploymentView)
      if (view.endedAt !== undefined || (!patient && patientGates(view).length > 0)) return view
      const { stage, lines } = currentLines(view, io)
      if (stage !== told) live.say(`${mark('running', io.stderr)}  ${stage}`)
      told = stage
      live.show(lines)
      await realClock.until(realClock.now() + 200, io.signal)
      if (io.signal?.aborted) throw new PlimsollError('PLM_USAGE', 'interrupted; the deployment goes on')
    }
  } finally {
    live.end()
  }
}

/** Follows a deployment, says how it ended, and how that is to be taken. */
export async function showEnd(client: Client, id: string, input: Input, io: Io): Promise<ExitCode> {
  const view = await follow(client, id, input.values.wait === true, io)
  const waits = patientGates(view).length > 0
  const said = waits ? renderWait(view, io) : renderEnd(view, io)
  io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : said)
  return waits ? exit.waits : standingExit[view.standing]
}
