import { series } from '../index.ts'
import { openSeries } from './open.ts'

/** A process whose disk is to be full: does what it is told, and says what became of it. */
const [folder = '', mostUnwrittenBytes = ''] = process.argv.slice(2)
const store = await openSeries(folder, {
  flushMs: 1e9,
  mostUnwrittenBytes: Number(mostUnwrittenBytes),
  onProblem: () => {},
})

type Told = { readonly is: 'append'; readonly from: number; readonly to: number } | { readonly is: 'flush' }

/** A counter by the minute. */
const append = (from: number, to: number) =>
  store.append(
    Array.from({ length: to - from }, (_, i) => ({
      name: 'c_total',
      labels: {},
      at: (from + i) * 60_000,
      value: from + i,
    })),
  )

process.on('message', async (told: Told) => {
  const failed = await (told.is === 'append' ? append(told.from, told.to) : store.flush()).then(
    () => undefined,
    ({ code, message }) => ({ code, message }),
  )
  const [said] = await store.select(series('c_total'), -1, 1e12)
  process.send?.({ failed, status: await store.status(), known: said?.times.length ?? 0 })
})
process.send?.('ready')
