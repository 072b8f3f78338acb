import { type Disturbance, doubles, outage, swings } from './disturbances.ts'
import type { Ending } from './endings.ts'

/** One change of one file; `from` has to be there. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string }

/** A release that differs from the first one in one thing. */
export type Release = {
  readonly name: string
  readonly edits: readonly Edit[]
  /** What may end it; a harmless one passes. */
  readonly by: readonly Ending[]
  /** Its instances die while they work, and with them what they work on. */
  readonly dies?: boolean
  /** What happens while it is deployed. */
  readonly disturbance?: Disturbance
}

const place = '// What is different about this release.'
/** In front of what every request does. */
const does = (line: string): Edit => ({ file: 'src/change.js', from: place, to: line })
/** At the top of its file. */
const begins = (line: string): Edit => ({
  file: 'src/change.js',
  from: 'let asked = 0',
  to: `let asked = 0\n${line}`,
})
const fails = (when: string): Edit => does(`if (${when}) throw new Error('a bug')`)
const computes = (ms: number): Edit =>
  does(`for (const end = performance.now() + ${ms}; performance.now() < end; );`)

const isSearch = "method === 'GET' && url !== '/version'"
const inEuros = 'if (!currencies.has(currency))'
/** In front of the check of a payment's currency. */
const ofEuros = (line: string): Edit => ({
  file: 'src/order.js',
  from: inEuros,
  to: `if (currency === 'EUR') ${line}\n  ${inEuros}`,
})

const errors = ['judge: errors'] as const
const slowness = ['judge: latency'] as const
const crashes = ['crash', 'judge: errors'] as const

export const faulty: readonly Release[] = [
  { name: 'one request in twenty fails', edits: [fails('Math.random() < 0.05')], by: errors },
  { name: 'everything takes three times as long', edits: [does('await pause(2 * away())')], by: slowness },
  { name: 'ends as soon as it starts', edits: [begins('process.exit(3)')], by: crashes },
  {
    name: 'says pounds for pence',
    edits: [{ file: 'src/present.js', from: 'amount: row.amount', to: 'amount: row.amount / 100' }],
    by: ['smoke check'],
  },
  { name: 'one request in five fails', edits: [fails('Math.random() < 0.2')], by: errors },
  {
    name: 'one in ten takes a second more',
    edits: [does('if (Math.random() < 0.1) await pause(1_000)')],
    by: slowness,
  },
  {
    name: 'dies of its 25th request',
    edits: [does('if (asked === 25) process.exit(7)')],
    by: crashes,
    dies: true,
  },
  {
    name: 'keeps 4 MB of every search',
    edits: [begins('const kept = []'), does(`if (${isSearch}) kept.push(Buffer.alloc(4 << 20, 1))`)],
    by: ['limit'],
    dies: true,
  },
  { name: 'payments in euros fail', edits: [ofEuros("throw new Error('a bug')")], by: errors },
  {
    name: 'one in twenty takes a second more',
    edits: [does('if (Math.random() < 0.05) await pause(1_000)')],
    by: slowness,
  },
  {
    name: 'dies of one search in fifteen',
    edits: [does(`if (${isSearch} && Math.random() < 1 / 15) process.exit(7)`)],
    by: crashes,
    dies: true,
  },
  { name: 'every search fails', edits: [fails(isSearch)], by: errors },
  { name: 'computes for 30 ms more', edits: [computes(30)], by: slowness },
  { name: 'dies of payments in euros', edits: [ofEuros('process.exit(7)')], by: crashes, dies: true },
  { name: 'all fails from its tenth request on', edits: [fails('asked >= 10')], by: errors },
]

const harmlessOne = (name: string, edits: readonly Edit[], disturbance?: Disturbance): Release => ({
  name,
  edits,
  by: ['passed'],
  ...(disturbance ? { disturbance } : {}),
})

export const harmless: readonly Release[] = [
  harmlessOne('nothing but a comment', [does('// As it was.')]),
  harmlessOne('a millisecond more', [does('await pause(1)')]),
  harmlessOne('the load swings between 80/s and 140/s', [does('// It swings.')], swings),
  harmlessOne('other texts', [
    { file: 'src/problem.js', from: 'There is no such thing here', to: 'We know of no such thing' },
  ]),
  harmlessOne('ten lines of log for each request', [
    {
      file: 'src/change.js',
      from: 'import { setTimeout',
      to: "import { log } from './log.js'\nimport { setTimeout",
    },
    does("for (let i = 0; i < 10; i++) log({ message: 'more to read', method, asked, i })"),
  ]),
  harmlessOne('what both versions need fails for 8 s', [does('// It fails on both sides.')], outage),
  harmlessOne('one more field', [
    { file: 'src/present.js', from: '  card: {', to: '  isRefunded: row.refunded > 0,\n  card: {' },
  ]),
  harmlessOne('answers 2 KB larger', [
    { file: 'src/present.js', from: '  card: {', to: "  notes: 'x'.repeat(400),\n  card: {" },
  ]),
  harmlessOne('the load doubles', [does('// It doubles.')], doubles),
  harmlessOne('computes for a millisecond more', [computes(1)]),
  harmlessOne('the same failures, told otherwise', [
    { file: 'src/change.js', from: 'the database did not answer', to: 'no answer from the database' },
  ]),
  harmlessOne('30 MB more of memory', [begins('export const tables = Buffer.alloc(30 << 20, 1)')]),
  harmlessOne('starts 3 s later', [
    { file: 'src/main.js', from: 'server.listen(', to: 'setTimeout(() => server.listen(' },
    {
      file: 'src/main.js',
      from: 'port: server.address().port }))',
      to: 'port: server.address().port })), 3_000)',
    },
  ]),
  harmlessOne('a new route', [
    {
      file: 'src/routes.js',
      from: "  { method: 'GET', path: '/version'",
      to: "  { method: 'GET', path: '/about', answer: version },\n  { method: 'GET', path: '/version'",
    },
  ]),
  harmlessOne('half a megabyte of rubbish for each request', [
    begins('export let rubbish'),
    does("rubbish = Array.from({ length: 8_000 }, (_, i) => ({ i, text: 'number ' + i }))"),
  ]),
]

/** So many of them, spread over the list. */
export const someOf = (all: readonly Release[], wanted: number): readonly Release[] =>
  all.filter((_, i) => Math.floor(((i + 1) * wanted) / all.length) > Math.floor((i * wanted) / all.length))
