import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import type { Socket } from 'node:net'

export type LoadRequest = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type LoadOptions = {
  readonly host: string
  readonly port: number
  /** Open loop: requests are sent at this rate, whatever becomes of them. */
  readonly ratePerSecond: number
  /** The next request. */
  readonly mix: () => LoadRequest
  /** Share of requests, 0 … 1, that come on a connection of their own. */
  readonly newConnectionShare: number
  /** Told each complete answer. */
  readonly heard?: (answer: LoadAnswer) => void
}

export type LoadAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** From sending to the end of the answer. */
  readonly tookMs: number
}

/** What became of every request that was sent; none is ever sent twice. */
export type LoadLedger = {
  readonly sent: number
  /** Completely answered, by status. */
  readonly answered: Readonly<Record<number, number>>
  readonly inFlight: number
  /** No complete answer, or none at all: how often for which reason. */
  readonly lost: Readonly<Record<string, number>>
}

export interface Load {
  ledger(): LoadLedger
  /** Connections that are open now, in use or kept: at most one request is on each. */
  connections(): number
  /** Sends no more, waits for what is in flight, and closes its connections. */
  stop(): Promise<LoadLedger>
}

const tickMs = 5
const longestAnswerMs = 30_000

type Book = {
  readonly open: Set<Socket>
  sent: number
  ended: number
  readonly answered: Record<number, number>
  readonly lost: Record<string, number>
}

const countOne = (counts: Record<string | number, number>, key: string | number): void => {
  counts[key] = (counts[key] ?? 0) + 1
}

/** Counts the first end of one request. */
function endings(book: Book): { answered(status: number): void; lost(because: string): void } {
  let ended = false
  const end = (counts: Record<string | number, number>, key: string | number) => {
    if (ended) return
    ended = true
    book.ended++
    countOne(counts, key)
  }
  return { answered: (status) => end(book.answered, status), lost: (because) => end(book.lost, because) }
}

function sendOne(options: LoadOptions, agent: Agent | false, book: Book): ClientRequest {
  const { method, path, headers, body } = options.mix()
  const end = endings(book)
  const sentMs = performance.now()
  book.sent++
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
  const { host, port } = options
  const asked = request({ host, port, agent, method, path, headers: { ...headers, ...length } })
  const timer = setTimeout(() => asked.destroy(new Error('no answer in time')), longestAnswerMs)
  asked.on('response', (answer) => {
    answer.resume()
    answer.on('end', () => {
      const { statusCode: status = 0, headers } = answer
      end.answered(status)
      options.heard?.({ status, headers, tookMs: performance.now() - sentMs })
    })
    answer.on('error', () => end.lost('the answer broke off'))
  })
  asked.on('error', (error: NodeJS.ErrnoException) => end.lost(error.code ?? error.message))
  asked.on('close', () => {
    clearTimeout(timer)
    end.lost('closed without an answer')
  })
  asked.once('socket', (socket) => {
    if (book.open.has(socket)) return
    book.open.add(socket)
    socket.once('close', () => book.open.delete(socket))
  })
  asked.end(body)
  return asked
}

/** Which of the requests come on a connection of their own: spread evenly. */
function spread(share: number): () => boolean {
  let owed = 0
  return () => {
    owed += share
    if (owed < 1) return false
    owed -= 1
    return true
  }
}

const ledgerOf = ({ sent, ended, answered, lost }: Book): LoadLedger => ({
  ...{ sent, inFlight: sent - ended, answered: { ...answered }, lost: { ...lost } },
})

const newBook = (): Book => ({ open: new Set(), sent: 0, ended: 0, answered: {}, lost: {} })

const loadOf = (book: Book, silence: () => void, close: () => void = () => {}): Load => ({
  ledger: () => ledgerOf(book),
  connections: () => book.open.size,
  async stop() {
    silence()
    while (book.ended < book.sent) await new Promise((resolve) => setTimeout(resolve, tickMs))
    close()
    return ledgerOf(book)
  },
})

export type BurstOptions = Pick<LoadOptions, 'host' | 'port' | 'mix'> & {
  /** So many requests at once, each on a connection of its own. */
  readonly size: number
  /** From one burst to the next. */
  readonly pauseMs: () => number
}

/**
 * Sends requests in bursts, until it is stopped: what a burst needed beyond the usual stays idle behind the gateway for
 * just as long as the pause.
 */
export function startBursts(options: BurstOptions): Load {
  const book = newBook()
  const steady: LoadOptions = { ...options, ratePerSecond: 0, newConnectionShare: 1 }
  let timer: NodeJS.Timeout
  const burst = () => {
    for (let i = 0; i < options.size; i++) sendOne(steady, false, book)
    timer = setTimeout(burst, options.pauseMs())
  }
  burst()
  return loadOf(book, () => clearTimeout(timer))
}

/** Sends requests at a steady rate until it is stopped. It never repeats one, and never slows down. */
export function startLoad(options: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo' })
  const book = newBook()
  const isNew = spread(options.newConnectionShare)
  const startedMs = performance.now()
  const timer = setInterval(() => {
    const due = ((performance.now() - startedMs) / 1_000) * options.ratePerSecond
    while (book.sent < due) sendOne(options, isNew() ? false : agent, book)
  }, tickMs)

  return loadOf(
    book,
    () => clearInterval(timer),
    () => agent.destroy(),
  )
}
