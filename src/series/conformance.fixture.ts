import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, differences } from './conformance/compare.fixture.ts'
import { beginning, lengthMs, madeReadings } from './conformance/data.fixture.ts'
import { madeQuestions, type Question } from './conformance/queries.fixture.ts'
import { memorySeries, type Points, type SeriesStore, series, toPromql } from './index.ts'
import type { Edition } from './query/windows.ts'

export type Subject = {
  readonly store: SeriesStore
  /** Makes all that was appended visible, and stored for good where that changes how it is read. */
  settle(): Promise<void>
  close(): Promise<void>
}

export type Conforming = {
  /** Of Prometheus, whose answers these are. */
  readonly edition: Edition
  /** Questions that the store is known to answer in another way. */
  readonly differs?: (question: Question) => boolean
  /** It keeps names where Prometheus takes them away. */
  readonly keepsNames?: boolean
  /** Series whose samples it does not keep bit for bit. */
  readonly blurs?: readonly string[]
}

const questionCount = 360
/** As scrapes come: not everything at once. */
const batches = 40

const selected = ['requests_total', 'temperature_celsius', 'odd', 'wide']

const flat = (points: readonly Points[]) =>
  points
    .map(({ name, labels, times, values }) => [
      name,
      Object.entries(labels).sort(),
      Array.from(times),
      Array.from(values, (value) => value + 0),
    ])
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/**
 * What every store of series must do, wherever it keeps them: the same hours of four targets, then the same questions, with
 * the answers of the store in memory.
 */
export function describeSeries(
  name: string,
  open: () => Promise<Subject>,
  { edition, differs = () => false, keepsNames = false, blurs = [] }: Conforming,
): void {
  describe(`the series ${name}`, () => {
    const begin = beginning(Date.now())
    const readings = madeReadings(begin)
    const model = memorySeries({ edition })
    let subject: Subject

    beforeAll(async () => {
      subject = await open()
      const each = Math.ceil(readings.length / batches)
      for (let i = 0; i < readings.length; i += each) {
        const batch = readings.slice(i, i + each)
        expect(await subject.store.append(batch)).toEqual(await model.append(batch))
        await subject.settle()
      }
    })
    afterAll(() => subject?.close())

    it('have what was said, and nothing else', async () => {
      for (const [from, to] of [
        [begin - 1, begin + lengthMs],
        [begin + 1_000_000, begin + 9_000_000],
      ] as const)
        for (const wanted of selected.filter((one) => !blurs.includes(one)).map((one) => series(one)))
          expect(flat(await subject.store.select(wanted, from, to))).toEqual(
            flat(await model.select(wanted, from, to)),
          )
      expect(await subject.store.select(series('none'), begin, begin + lengthMs)).toEqual([])
    })

    it(`answer ${questionCount} questions`, async () => {
      const wrong: string[] = []
      const asked = madeQuestions(begin, questionCount).filter((question) => !differs(question))
      let values = 0
      for (const question of asked) {
        const expected = await answerOf(model, question, keepsNames)
        if (expected !== 'refused') values += expected.size
        const found = differences(await answerOf(subject.store, question, keepsNames), expected)
        if (found.length > 0)
          wrong.push(
            `${toPromql(question.query)} @ ${question.from - begin}: ${found.length}: ${found.slice(0, 2).join('; ')}`,
          )
      }
      expect(wrong).toEqual([])
      // Most questions have an answer, or this would show nothing.
      expect(values).toBeGreaterThan(10 * asked.length)
    }, 60_000)

    it('count what comes too late or says something else, and take the rest', async () => {
      const at = begin + lengthMs + 60_000
      const reading = { name: 'late', labels: { a: 'b' }, at, value: 1 }
      const later = { ...reading, at: at + 5 }
      const batch = [reading, { ...reading, value: 2 }, { ...reading, at: at - 1 }, reading, later]
      const left = { taken: 2, outOfOrder: 1, duplicate: 1, beyondLimit: 0 }
      expect(await subject.store.append(batch)).toEqual(left)
      expect(await subject.store.append([reading])).toEqual({ ...left, taken: 0, duplicate: 0 })
      await subject.settle()
      const said = await subject.store.select(series('late'), begin, at + 5)
      expect(said.map(({ times, values }) => [Array.from(times), Array.from(values)])).toEqual([
        [
          [at, at + 5],
          [1, 1],
        ],
      ])
    })
  })
}
