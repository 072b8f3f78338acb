import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type Random, seededRandom } from '../../kernel/index.ts'
import { type Format, readExposition, type Sample } from './exposition.ts'

const folder = fileURLToPath(new URL('./testdata/', import.meta.url))
/** What a service, node_exporter and Plimsoll said once. */
const scrapes = readdirSync(folder).map((name) =>
  readFileSync(`${folder}${name}`, 'utf8').trimEnd().split('\n'),
)

const pieces = [
  ...[
    '{',
    '}',
    '"',
    '\\',
    ',',
    '=',
    '#',
    ' ',
    '\t',
    '\r',
    '\0',
    'é',
    '\u2028',
    '😀',
    '\ud800',
    '+',
    '-',
    '.',
    'e',
  ],
  ...[
    'NaN',
    '+Inf',
    '1e999',
    '0x10',
    '1_000',
    '# TYPE a counter',
    '# EOF',
    'le="+Inf"',
    '__proto__="x"',
    '9'.repeat(400),
  ],
]

const below = (random: Random, n: number): number => Math.floor(random.next() * n)
const oneOf = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)] as T

/** A line in which something went wrong on its way. */
function mutated(line: string, random: Random, others: readonly string[]): string {
  const [from, to] = [below(random, line.length + 1), below(random, line.length + 1)].sort((a, b) => a - b)
  const [left, middle, right] = [line.slice(0, from), line.slice(from, to), line.slice(to)]
  const ways = [
    () => left + right,
    () => left + oneOf(random, pieces) + middle + right,
    () => left + middle + middle + right,
    () => middle + left + right,
    () => left + oneOf(random, others).slice(below(random, 40)),
    () => left + String.fromCharCode((middle.charCodeAt(0) || 65) ^ (1 << below(random, 7))) + right,
    () => oneOf(random, pieces) + line,
    () => line.replace(/[\d.eE+]+$/, oneOf(random, pieces)),
  ]
  const text = oneOf(random, ways)()
  return text.replaceAll('\n', ' ')
}

const idOf = ({ name, labels }: Sample): string => JSON.stringify([name, Object.entries(labels).sort()])
const isSample = (line: string): boolean => !line.startsWith('#') && !/^[ \t]*$/.test(line)

/** Reads lines of which some are mutated, and says what became of the others that should not have. */
function wrongIn(lines: readonly string[], changed: ReadonlySet<number>, format: Format): string[] {
  const end = format === 'openmetrics' ? '# EOF\n' : ''
  const { samples, malformed, unread } = readExposition(`${lines.join('\n')}\n${end}`, format)
  const values = new Map(samples.map((sample) => [idOf(sample), sample.value]))
  const named = new Map(malformed.map((one) => [one.line, one]))
  const wrong: string[] = unread > 0 ? [`${unread} lines are unread`] : []
  // Behind a line that has become the end there is nothing to be read.
  const last = format === 'openmetrics' ? lines.indexOf('# EOF') : -1
  const all = last < 0 ? lines : lines.slice(0, last)
  const told = malformed.filter(({ line }) => isSample(lines[line - 1] ?? '#') && line <= all.length)
  if (samples.length + told.length !== all.filter(isSample).length) wrong.push('lines are not accounted for')
  for (const { line, text, because } of malformed)
    if (line <= lines.length && (text !== lines[line - 1] || because === ''))
      wrong.push(`line ${line} is not named`)
  all.forEach((line, i) => {
    if (changed.has(i) || !isSample(line)) return
    const [sample] = readExposition(`${line}\n${end}`, format).samples
    const isThere = sample && Object.is(values.get(idOf(sample)), sample.value)
    // A mutated line before it may have become the same series.
    const isSaidBefore = named.get(i + 1)?.because === 'says the same series again'
    if (!isThere && !isSaidBefore) wrong.push(`line ${i + 1} is lost: ${line}`)
  })
  return wrong
}

it('loses no line of a real scrape by what went wrong with others, and accounts for each', () => {
  const random = seededRandom(1876)
  const every = scrapes.flat()
  const wrong: unknown[] = []
  for (let round = 0; round < 400; round++) {
    const whole = oneOf(random, scrapes)
    const first = below(random, Math.max(1, whole.length - 60))
    const lines = whole.slice(first, first + 60)
    const changed = new Set(Array.from({ length: 1 + below(random, 8) }, () => below(random, lines.length)))
    for (const i of changed) lines[i] = mutated(lines[i] as string, random, every)
    for (const format of ['prometheus', 'openmetrics'] as const)
      for (const text of wrongIn(lines, changed, format)) wrong.push({ round, format, text })
  }
  expect(wrong).toEqual([])
})

it('takes no longer for what is made to take long', () => {
  const many = 1 << 18
  const lines = [
    `a ${'1'.repeat(many)}x`,
    `a 1 ${'1'.repeat(many)}x`,
    `a{b="${'x'.repeat(many)}`,
    `a{b="${'\\\\'.repeat(many)}"} 1x`,
    `a{b="${'\\'.repeat(many)}`,
    `a${' '.repeat(many)}x`,
    `# TYPE${' '.repeat(many)}x`,
    `# TYPE a counter${' '.repeat(many)}x`,
    `a{${'b="c",'.repeat(many / 8)}`,
    `a{${Array.from({ length: many / 16 }, (_, i) => `b${i}="c"`).join(' ,')}`,
    `${'a:'.repeat(many)}-`,
    `a_total 1 # {${'x'.repeat(many)}="y"} 1`,
    `a_total 1 # {x="${'y'.repeat(many)}"} 1`,
  ]
  const begin = performance.now()
  for (const line of lines)
    for (const format of ['prometheus', 'openmetrics'] as const)
      expect(readExposition(`${line}\nfine 1\n# EOF\n`, format).samples.at(-1)?.name).toBe('fine')
  // Seconds even on a machine that is busy; parting digits in every way took 13 minutes.
  expect(performance.now() - begin).toBeLessThan(20_000)
})

it('stops where more has been told than may be, and says how much is left', () => {
  const limits = { samples: 10, malformed: 5 }
  const many = Array.from({ length: 500 }, (_, i) => `a{i="${i}"} 1\n`).join('')
  expect(readExposition(many, 'prometheus', limits)).toMatchObject({ samples: { length: 11 }, unread: 489 })
  expect(readExposition('!\n'.repeat(500), 'prometheus', limits)).toMatchObject({
    malformed: { length: 6 },
    unread: 494,
  })
})
