import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { parseArgs } from 'node:util'
import { seededRandom } from '../../kernel/random.ts'
import type { TrafficSeen } from '../traffic.ts'
import { lineageOf, openBook } from './book.ts'
import { serveControl } from './control.ts'
import { Crowd, usualCrowd } from './crowd.ts'
import { createFront } from './front.ts'
import { createHealthWatch, type HealthWatch } from './health.ts'
import { createInheritance } from './inheritance.ts'
import { handOver, stopAccepting, windUp } from './leaving.ts'
import { createLedger } from './ledger.ts'
import { startLoop } from './loop.ts'
import { mannersOf } from './manners.ts'
import { RequestLog } from './request-log.ts'
import { createRouteBook } from './route-book.ts'
import { createRoutes } from './routes.ts'
import { createSqueeze } from './squeeze.ts'
import type { Surroundings } from './surroundings.ts'
import { readTable, watchTable } from './table-file.ts'
import { createWaitingRoom } from './waiting-room.ts'

/** Where the listening socket is handed over (systemd's convention). */
const listenFd = 3
const backlog = 4_096
const lookEveryMs = 1_000
/** Nobody tells a gateway that leaves of a new table, and instances may be stopped soon after it. */
const lookEveryWhenLeavingMs = 50
const lookAtEndEveryMs = 10

const { values } = parseArgs({ options: { folder: { type: 'string' }, loop: { type: 'string' } } })
// A socket's path may have 107 bytes only: from here on, names are relative.
process.chdir(values.folder ?? '.')

const elapsedMs = () => performance.now()
const book = openBook('.')
const ledger = createLedger(book)
const inheritance = createInheritance('.', ledger)
process.on('exit', () => ledger.settle())
inheritance.look()
setInterval(() => inheritance.look(), lookEveryMs)
const watch: HealthWatch = createHealthWatch(() => room.lookAgain())
const squeeze = createSqueeze(elapsedMs, () => Date.now())
const random = seededRandom(process.pid ^ Date.now())
const routes = createRoutes({
  random,
  watcher: watch,
  elapsedMs,
  squeezed: squeeze.inForce,
  most: () => manners.perInstance?.most,
  ejection: () => manners.ejection,
})
const routeBook = createRouteBook()
const room = createWaitingRoom(routes, elapsedMs)
const generation = lineageOf('.')
const latencySince = Date.now()
const crowd = new Crowd()
let leaving = false
const requestLog = new RequestLog('.', () => !leaving)
let manners = mannersOf(requestLog)
let inFlight = 0

const around: Surroundings = {
  ...{ routes, ledger, routeBook, squeeze, crowd, room, elapsedMs },
  manners: () => manners,
  now: () => Date.now(),
  isLeaving: () => leaving,
  unreachable: (upstream, because) => watch.unreachable(upstream, because),
}

const seen = (): TrafficSeen => ({
  reachable: true,
  revision: routes.table()?.revision ?? 0,
  generation,
  latencySince,
  upstreams: routes.seen(),
  ...ledger.seen(),
  ...routeBook.seen(),
  ...squeeze.seen(),
  ...requestLog.seen(),
})

function apply(table: NonNullable<ReturnType<typeof routes.table>>): boolean {
  const taken = routes.apply(table)
  if (taken) routeBook.serve(table.routes?.templates ?? [], table.routes?.edgesMs ?? [])
  if (taken) squeeze.serve(table)
  if (taken) manners = mannersOf(requestLog, table.gateway)
  if (taken) crowd.most = table.mostWaiting ?? usualCrowd
  if (taken) room.lookAgain()
  return taken
}

async function takeFile(): Promise<void> {
  const table = await readTable('.')
  if (table) apply(table)
}

await takeFile()
const control = await serveControl({ seen, apply })
// One that was written meanwhile, and told to nobody.
await takeFile()
watchTable('.', lookEveryMs, () => void takeFile())

const front = createFront(around)
const countUntilClosed = (_: unknown, it: ServerResponse | Duplex) => {
  inFlight++
  it.on('close', () => inFlight--)
}
front.on('request', countUntilClosed)
front.on('upgrade', countUntilClosed)
front.listen({ fd: listenFd, backlog })

/** Stops accepting, once; what is open goes on. */
function leave(): void {
  if (leaving) return
  leaving = true
  control.close()
  watchTable('.', lookEveryWhenLeavingMs, () => void takeFile())
  stopAccepting(front, end)
}
/** The last connection may be closed before what became of it is counted. */
function end(): void {
  if (inFlight > 0) setTimeout(end, lookAtEndEveryMs)
  else void requestLog.close().finally(() => process.exit(0))
}

process.on('SIGUSR2', () => {
  if (leaving) return
  leave()
  routes.leave('with the upstreams')
  handOver(front)
})
process.on('SIGTERM', () => {
  leave()
  routes.leave('now')
  windUp(front, () => inFlight, end)
})

/** The loop that holds the socket was killed: another one, and a gateway of its own, take over from here. */
// Told, not asked for: by the time that this is read it may be gone.
const loop = Number(values.loop ?? process.ppid)
const orphaned = setInterval(() => {
  if (process.ppid === loop) return
  clearInterval(orphaned)
  if (leaving) return
  startLoop('.', listenFd, process.env).then(() => {
    leave()
    routes.leave('with the upstreams')
    handOver(front)
  }, console.error)
}, lookEveryMs)
