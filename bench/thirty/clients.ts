import { type Load, type LoadLedger, startLoad } from '../../test/support/load-client.ts'

/** An answer that a client got; without a release when the gateway gave it. */
export type Answer = {
  readonly at: number
  readonly release: string | undefined
  readonly status: number
  readonly tookMs: number
}

export interface Clients {
  /** Answers since the last `turn`. */
  readonly answers: () => readonly Answer[]
  /** Forgets the answers so far, but not how many there were. */
  turn(): void
  /** Asks so much more until that is stopped. */
  more(ratePerSecond: number): Load
  /** Waits for what is in flight; what became of all. */
  stop(): Promise<LoadLedger & { readonly byGateway: number }>
}

const payment = (n: number): string =>
  JSON.stringify({
    amount: 100 + (n % 5_000),
    currency: n % 25 === 0 ? 'EUR' : 'GBP',
    card: { number: '4242424242424242', expiry: '12/40', cvc: '123' },
    reference: `thirty-${n}`,
  })

/** A fifth pays, a fifth of them in euros; three fifths search; a fifth asks for the version. */
function mixOf() {
  let n = 0
  return () => {
    n++
    if (n % 5 === 0)
      return {
        method: 'POST',
        path: '/payments',
        headers: { 'content-type': 'application/json' },
        body: payment(n),
      }
    if (n % 5 === 1) return { method: 'GET', path: '/version' }
    return { method: 'GET', path: n % 5 === 2 ? `/payments?reference=thirty-${n - 2}` : '/payments?limit=5' }
  }
}

const addCounts = (all: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const sum: Record<string, number> = {}
  for (const [key, count] of all.flatMap((one) => Object.entries(one))) sum[key] = (sum[key] ?? 0) + count
  return sum
}

/** Clients of a service at a steady rate, whatever becomes of their requests; none asks twice. */
export function startClients(port: number, ratePerSecond: number): Clients {
  const mix = mixOf()
  const loads: Load[] = []
  let answers: Answer[] = []
  let byGateway = 0
  const heard = (answer: Answer) => {
    answers.push(answer)
    if (answer.release === undefined && answer.status >= 500) byGateway++
  }
  const ask = (rate: number): Load => {
    const load = startLoad({
      host: '127.0.0.1',
      port,
      ratePerSecond: rate,
      newConnectionShare: 0.2,
      mix,
      heard: ({ status, headers, tookMs }) => {
        const release = headers['x-release']
        heard({ at: Date.now(), release: typeof release === 'string' ? release : undefined, status, tookMs })
      },
    })
    loads.push(load)
    return load
  }
  ask(ratePerSecond)
  return {
    answers: () => answers,
    turn() {
      answers = []
    },
    more: ask,
    async stop() {
      const all = await Promise.all(loads.map((load) => load.stop()))
      return {
        sent: all.reduce((sum, { sent }) => sum + sent, 0),
        inFlight: 0,
        answered: addCounts(all.map(({ answered }) => answered)),
        lost: addCounts(all.map(({ lost }) => lost)),
        byGateway,
      }
    },
  }
}
