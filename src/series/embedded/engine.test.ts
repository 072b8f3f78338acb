import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import type { PlimsollError } from '../../kernel/index.ts'
import { answerOf, differences } from '../conformance/compare.fixture.ts'
import { beginning, madeReadings } from '../conformance/data.fixture.ts'
import { madeQuestions } from '../conformance/queries.fixture.ts'
import { memorySeries, over, type Reading, type SeriesStore, select, series } from '../index.ts'
import { type Engine, type EngineOptions, openEngine } from './engine.ts'
import { createInterning } from './interning.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-engine-'))
let folders = 0
const newFolder = () => mkdtempSync(join(root, String(folders++)))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

function opened(folder: string, more: Partial<EngineOptions> = {}) {
  const problems: PlimsollError[] = []
  const tell = (problem: PlimsollError) => problems.push(problem)
  const engine = openEngine({
    folder,
    mostSeries: 1_000,
    keepDays: 3,
    mostUnwrittenBytes: 2 ** 20,
    tell,
    ...more,
  })
  const interned = createInterning()
  return { engine, problems, append: (readings: readonly Reading[]) => engine.append(interned(readings)) }
}

/** Seals all that is over. */
function seal(engine: Engine): void {
  engine.flush()
  while (engine.sealMore()) {}
}

const asStore = ({ engine, append }: ReturnType<typeof opened>): SeriesStore => ({
  append: async (readings) => append(readings),
  select: async (...asked) => engine.select(...asked),
  instant: async (...asked) => engine.instant(...asked),
  range: async (...asked) => engine.range(...asked),
  flush: async () => engine.flush(),
  close: async () => engine.close(),
})

/** A counter by the minute. */
const counter = (from: number, to: number, labels: Reading['labels'] = {}): Reading[] =>
  Array.from({ length: (to - from) / minute }, (_, i) => ({
    name: 'c_total',
    labels,
    at: from + (i + 1) * minute,
    value: 3 * i,
  }))

const countOf = (engine: Engine, from: number, to: number, labels = {}) =>
  engine.select(series('c_total', labels), from, to)[0]?.times.length ?? 0

describe('an engine', () => {
  it('answers the same from rows, from its head and after it was opened again, whatever was sealed before it ended', async () => {
    const begin = beginning(1_790_000_000_000)
    const readings = madeReadings(begin)
    const model = memorySeries()
    await model.append(readings)
    const folder = newFolder()
    const questions = madeQuestions(begin, 100, 11)
    for (const [i, ends] of [0.6, 1].entries()) {
      const before = opened(folder)
      // What it has already counts for said once; then more, some of it sealed.
      before.append(readings.slice(0, Math.floor(ends * readings.length)))
      if (i % 2 === 0) seal(before.engine)
      else before.engine.flush()
      before.engine.close()
    }
    const subject = opened(folder)
    const wrong: string[] = []
    for (const question of questions)
      wrong.push(...differences(await answerOf(asStore(subject), question), await answerOf(model, question)))
    expect(wrong).toEqual([])
    expect(readdirSync(folder).filter((name) => /^\d.*\.db$/.test(name)).length).toBeGreaterThan(0)
    expect(subject.problems).toEqual([])
    subject.engine.close()
  })

  it('writes a row again when more is said of its two hours', () => {
    const { engine, append } = opened(newFolder())
    append(counter(0, hour, { a: 'slow' }))
    append(counter(0, 5 * hour, { a: 'quick' }))
    seal(engine)
    append(counter(hour, 3 * hour, { a: 'slow' }))
    seal(engine)
    expect([countOf(engine, 0, day, { a: 'slow' }), countOf(engine, 0, day, { a: 'quick' })]).toEqual([
      180, 300,
    ])
    engine.close()
  })

  it('answers long windows from roll-ups: the row of samples may be missing', () => {
    const folder = newFolder()
    const before = opened(folder)
    before.append(counter(0, 26 * hour))
    seal(before.engine)
    const asked = over('increase', series('c_total'), 24 * hour)
    const expected = before.engine.instant(asked, 24 * hour)
    before.engine.close()
    const db = new DatabaseSync(join(folder, '1970-01-01.db'))
    db.exec('DELETE FROM chunk')
    db.close()
    const { engine } = opened(folder)
    expect(engine.instant(asked, 24 * hour)).toEqual(expected)
    expect(expected[0]?.value).toBeCloseTo(3 * (24 * 60 - 1))
    expect(countOf(engine, 0, 24 * hour)).toBe(0)
    engine.close()
  })

  it('removes whole days, and forgets the series that were in no other', () => {
    const folder = newFolder()
    const { engine, append } = opened(folder, { keepDays: 2 })
    append(counter(0, hour, { a: 'old' }))
    append(counter(0, 5 * day))
    seal(engine)
    expect(engine.status()).toMatchObject({ oldestDay: '1970-01-03', known: 1 })
    expect(readdirSync(folder).filter((name) => name.startsWith('1970-01-01'))).toEqual([])
    expect(engine.instant(select(series('c_total')), 5 * day)).toHaveLength(1)
    engine.close()
  })

  it('refuses series beyond the limit, counts and tells, and lets new ones in when others are silent', () => {
    const { engine, problems, append } = opened(newFolder(), { mostSeries: 2 })
    append([...counter(0, hour, { a: '1' }), ...counter(0, hour, { a: '2' })])
    const explosion = Array.from({ length: 500 }, (_, i) =>
      counter(hour, hour + minute, { id: String(i) }),
    ).flat()
    expect(append([...explosion, ...counter(hour, 2 * hour, { a: '1' })])).toEqual({
      taken: 60,
      outOfOrder: 0,
      duplicate: 0,
      beyondLimit: 500,
    })
    expect(problems.map(({ code }) => code)).toEqual(['PLM_SERIES_LIMIT'])
    expect(problems[0]?.message).toContain('"id","0"')
    append(counter(2 * hour, 7 * hour, { a: '1' }))
    seal(engine)
    expect(append(counter(7 * hour, 8 * hour, { id: '7' }))).toMatchObject({ taken: 60, beyondLimit: 0 })
    expect(engine.status()).toMatchObject({ series: 2, appended: { beyondLimit: 500 } })
    engine.close()
  })

  it('is held by one process, or one thread of it', () => {
    const folder = newFolder()
    const { engine } = opened(folder)
    expect(() => opened(folder)).toThrow(expect.objectContaining({ code: 'PLM_STORE_HELD' }))
    engine.close()
    opened(folder).engine.close()
  })
})

describe('a damaged row', () => {
  const damage = (folder: string, file: string, change: string): void => {
    const db = new DatabaseSync(join(folder, file))
    expect(db.prepare(change).run().changes).toBe(1)
    db.close()
  }

  it('is told once, with its series and its day, and takes nothing else with it', () => {
    const folder = newFolder()
    const before = opened(folder)
    before.append([...counter(0, 30 * hour, { a: '1' }), ...counter(0, 30 * hour, { a: '2' })])
    seal(before.engine)
    before.engine.close()
    // The second two hours of the first series.
    const id = '(SELECT min(id) FROM chunk WHERE id > 1000)'
    damage(
      folder,
      '1970-01-01.db',
      `UPDATE chunk SET blob = CAST(substr(blob, 1, 9) || x'ff' || substr(blob, 11) AS BLOB) WHERE id = ${id}`,
    )
    const { engine, problems } = opened(folder)
    for (let i = 0; i < 2; i++)
      expect([countOf(engine, 0, 30 * hour, { a: '1' }), countOf(engine, 0, 30 * hour, { a: '2' })]).toEqual([
        28 * 60,
        30 * 60,
      ])
    expect(problems.map(({ code }) => code)).toEqual(['PLM_SERIES_DAMAGED'])
    expect(problems[0]?.message).toContain('1970-01-01.db: two hours from 1970-01-01T02:00')
    expect(problems[0]?.message).toContain('["a","1"]')
    expect(engine.status().damaged).toBe(1)
    engine.close()
  })

  it('may be a whole file', () => {
    const folder = newFolder()
    const before = opened(folder)
    before.append(counter(0, 60 * hour))
    seal(before.engine)
    before.engine.close()
    writeFileSync(join(folder, '1970-01-02.db'), 'not what was there')
    const { engine, problems } = opened(folder)
    expect(countOf(engine, 0, 60 * hour)).toBe(36 * 60)
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 12 }, () => 'PLM_SERIES_DAMAGED'))
    engine.close()
  })

  it('of what was written ahead is told, and the others are taken', () => {
    const folder = newFolder()
    const before = opened(folder)
    for (const [from, to] of [
      [0, 10],
      [10, 20],
      [20, 30],
    ] as const) {
      before.append(counter(from * minute, to * minute))
      before.engine.flush()
    }
    before.engine.close()
    damage(folder, 'head.db', `UPDATE ahead SET blob = substr(blob, 1, 20) WHERE seq = 2`)
    const { engine, problems } = opened(folder)
    expect(countOf(engine, 0, hour)).toBe(20)
    expect(problems.map(({ code }) => code)).toEqual(['PLM_SERIES_DAMAGED'])
    expect(problems[0]?.message).toContain('head.db: row 2')
    engine.close()
  })
})
