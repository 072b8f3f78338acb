import { rm } from 'node:fs/promises'
import { startEngine } from '../../test/support/docker.ts'
import { needs } from '../../test/support/requirements.ts'
import type { Stage } from '../../test/support/stage.ts'
import { services } from '../../test/support/story.ts'
import { Interrupted, interruption } from '../interruption.ts'
import { numberOption } from '../options.ts'
import { attempt, deploymentOf, type Outcome } from './attempt.ts'
import { type Clients, startClients } from './clients.ts'
import { pause } from './disturbances.ts'
import { faulty, harmless, type Release, someOf } from './releases.ts'
import { heading, outcomeRow, tellTotals } from './report.ts'
import { makeSource, pushBase, startService } from './service.ts'

/** One service in production, with its clients. */
type Lane = { readonly stage: Stage; readonly clients: Clients; readonly live: string }

/** So long the first release is asked before another comes, so that its latency is known. */
const acquaintanceMs = 15_000

/** Faulty and harmless ones in turn, as they come in life. */
function inTurn(one: readonly Release[], other: readonly Release[]): Release[] {
  const longest = Math.max(one.length, other.length)
  return Array.from({ length: longest }, (_, i) => [...one.slice(i, i + 1), ...other.slice(i, i + 1)]).flat()
}

async function openLane(
  source: string,
  engine: string,
  number: number,
  rate: number,
  stages: Promise<Stage>[],
): Promise<Lane> {
  const starting = startService(source, engine, number)
  stages.push(starting)
  const stage = await starting
  const view = await deploymentOf(stage, await pushBase(stage))
  if (view.standing !== 'passed') throw new Error(`the first release: ${view.text}`)
  return { stage, clients: startClients(stage.production, rate), live: view.to.digest }
}

/** Takes releases from the queue as long as there are any. */
async function work({ stage, clients, live }: Lane, queue: Release[], outcomes: Outcome[]): Promise<void> {
  let running = live
  for (let release = queue.shift(); release; release = queue.shift()) {
    const done = await attempt(stage, clients, running, release)
    running = done.live
    outcomes.push(done.outcome)
    console.log(outcomeRow(done.outcome))
  }
}

async function gatewayOf({ stage }: Lane) {
  const [service] = (await services(stage)).services
  const ledger = service?.environments.find(({ name }) => name === 'production')?.ledger
  if (!ledger) throw new Error('the gateway does not say what it counted')
  return ledger
}

async function measure(
  source: string,
  engine: string,
  args: readonly string[],
  stages: Promise<Stage>[],
): Promise<boolean> {
  const rate = numberOption(args, 'rate', 80)
  const lanes: Lane[] = []
  for (let i = 0; i < numberOption(args, 'services', 3); i++)
    lanes.push(await openLane(source, engine, i, rate, stages))
  await pause(acquaintanceMs)
  const wanted = [
    someOf(faulty, numberOption(args, 'faulty', faulty.length)),
    someOf(harmless, numberOption(args, 'harmless', harmless.length)),
  ] as const
  const [queue, outcomes, began] = [inTurn(...wanted), [] as Outcome[], performance.now()]
  console.log(`${lanes.length} services of two instances in containers, each asked ${rate} times a second`)
  console.log(heading)
  await Promise.all(lanes.map((lane) => work(lane, queue, outcomes)))
  const tookMs = performance.now() - began
  const clients = await Promise.all(lanes.map((lane) => lane.clients.stop()))
  await pause(500)
  return tellTotals(outcomes, { clients, gateways: await Promise.all(lanes.map(gatewayOf)) }, tookMs)
}

/**
 * `npm run bench -- thirty [--faulty 15] [--harmless 15] [--services 3] [--rate 80]`: canaries in containers of which
 * some are faulty and the others are not; what ended each, when, and whom it harmed. Exits with 1 when a faulty one got
 * through, a harmless one was rolled back, or a request was lost that no dying canary held. Whoever interrupts it waits until
 * everything that it started is gone.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { missing, enable } = needs('docker')
  if (missing !== undefined) throw new Error(`no engine can be started: ${enable}`)
  const interrupted = interruption()
  const docker = await startEngine()
  const source = await makeSource()
  const stages: Promise<Stage>[] = []
  try {
    const passed = await Promise.race([interrupted, measure(source, docker.address, args, stages)])
    if (!passed) process.exitCode = 1
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    console.error(`${error.message}: what was started ends first`)
    process.exitCode = error.exit
  } finally {
    const started = await Promise.allSettled(stages)
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)))
    await docker.close()
    await rm(source, { recursive: true, force: true })
  }
}
