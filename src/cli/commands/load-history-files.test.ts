import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type PlimsollError, seededRandom } from '../../kernel/index.ts'
import type { LocatedLine } from '../../load/index.ts'
import { loadHistory } from './load-history.ts'
import { memoryIo } from './screen.fixture.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-lines-'))
})
afterEach(() => rm(folder, { recursive: true }))

const found = (ratePerSecond: number, verdict: LocatedLine['verdict'] = 'found'): LocatedLine => ({
  schemaVersion: 1,
  kind: 'load-line',
  verdict,
  reasons: [],
  goal: { quantile: 0.99, belowMs: 250 },
  ratePerSecond,
  interval: { low: ratePerSecond * 0.97, high: ratePerSecond * 1.03 },
  halfWidthShare: 0.03,
  confirmedPerSecond: null,
  limitedBy: null,
  curve: [],
  ladder: [],
  scalability: { because: 'not asked' },
  trials: [],
  voided: [],
  flags: [],
  tookMs: 1,
  target: 'http://127.0.0.1:8080/',
  startedAt: 0,
  place: {
    cores: 2,
    memoryBytes: 2 ** 34,
    platform: 'linux x64',
    node: 'v24.0.0',
    service: 'on this machine',
  },
})

async function write(lines: readonly LocatedLine[]): Promise<string[]> {
  const names = lines.map((_, i) => `${String(i).padStart(2, '0')}.json`)
  await Promise.all(lines.map((line, i) => writeFile(join(folder, names[i] ?? ''), JSON.stringify(line))))
  return names
}

const run = async (positionals: readonly string[], json = false) => {
  const io = memoryIo(folder)
  expect(await loadHistory.run({ values: json ? { json } : {}, positionals }, io)).toBe(0)
  return io.stdout.text()
}

/** One per cent of noise, the same in each run. */
const wobbling = (level: number, n: number): number =>
  level * (0.99 + 0.02 * seededRandom(3).fork(`line ${n}`).next())

test('tells from which file on the load line is another', async () => {
  const levels = Array.from({ length: 16 }, (_, n) => wobbling(n < 10 ? 1_000 : 880, n))
  const files = await write(levels.map((level) => found(level)))
  const said = await run(files)
  expect(said).toMatch(/^−1[123] % since 10\.json \(p [=<] 0\.0\d+\)\.\n/)
  expect(said).toMatch(/\n10\.json +8\d\d\/s +8\d\d\/s to 9\d\d\/s +lasting change: −1[123] %\n/)
  expect(JSON.parse(await run(files, true))).toMatchObject({
    schemaVersion: 1,
    shifts: [{ file: '10.json' }],
  })
})

test('says so when none is, and leaves out what was not found', async () => {
  const levels = Array.from({ length: 12 }, (_, n) => found(wobbling(1_000, n)))
  const files = await write([...levels, found(10, 'inconclusive')])
  const said = await run(files)
  expect(said).toMatch(/^No lasting change in 12 load lines\.\n/)
  expect(said).toMatch(/\n12\.json .*inconclusive\n/)
})

test('refuses every file that it cannot use, at once', async () => {
  await writeFile(join(folder, 'other.json'), '{}')
  const refused = loadHistory.run({ values: {}, positionals: ['other.json', 'none.json'] }, memoryIo(folder))
  const error: PlimsollError = await refused.then(
    () => {
      throw new Error('it was not refused')
    },
    (one) => one,
  )
  expect(error.code).toBe('PLM_USAGE')
  expect(error.problems.map(({ at }) => at)).toEqual(['none.json', 'other.json'])
})

test('refuses to compare what was measured on different machines', async () => {
  const line = found(1_000)
  await write([line, { ...line, place: { ...line.place, cores: 64 } }])
  const refused = loadHistory.run({ values: {}, positionals: ['00.json', '01.json'] }, memoryIo(folder))
  await expect(refused).rejects.toThrow(/01\.json was measured on 64 cores.*, not on 2 cores/)
})
