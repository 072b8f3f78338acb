import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { foreseeFilling } from './foresee.ts'

const dayMs = 86_400_000
const now = Date.UTC(2027, 2, 1)
const around = { now, timeZone: 'Etc/UTC' }

/** Percent hour by hour, by how many days have gone by. */
function filled(days: number, of: (day: number) => number) {
  const random = seededRandom(3)
  const values = Array.from({ length: days * 24 }, (_, hour) => of(hour / 24) + random.next())
  const newest = values.at(-1) ?? 0
  return { history: { from: now - days * dayMs, stepMs: dayMs / 24, values }, newest }
}

describe('what fills up', () => {
  it('is full when it has grown to its limit', () => {
    const finding = foreseeFilling({ kind: 'disk', name: '/var', ...filled(40, (day) => 40 + day) }, around)
    expect(finding.text).toMatch(/^disk \/var is full about \d+ March \(80 %: [^)]*March\)$/)
    const { crossing } = finding as Extract<typeof finding, { is: 'foreseen' }>
    // 20 % are left, a percent goes each day.
    expect(Math.abs(((crossing.date ?? 0) - now) / dayMs - 19.5)).toBeLessThan(2)
    expect(finding).toMatchObject({
      found: [
        expect.stringMatching(/^the last whole hour had 80[.]\d % of what fits$/),
        expect.stringMatching(
          /^its daily peak, in percent of what fits, grows by \d[.\d]* a day over 40 days$/,
        ),
      ],
    })
  })

  it('is never full where each deployment gives it back in time', () => {
    const weekly = filled(42, (day) => 20 + (day % 7) * 3)
    const finding = foreseeFilling({ kind: 'memory', name: 'app', ...weekly }, around)
    expect(finding.text).toBe('memory app is not seen to be full within 180 days')
  })

  /** Grows by 3 a day from 35, and falls on some days. */
  const sawtooth = (falls: readonly number[], days = 60) =>
    filled(days, (day) => {
      const last = falls.findLast((one) => one <= Math.floor(day)) ?? 0
      return Math.min(99.9, 35 + 3 * (day - last))
    })

  it('is not given back by what kills it', () => {
    // When it is full, after some 22 days.
    const finding = foreseeFilling({ kind: 'memory', name: 'app', ...sawtooth([8, 30, 52]) }, around)
    if (finding.is !== 'foreseen') throw new Error(finding.text)
    expect(finding.found[1]).toMatch(/fell 3 times, twice since it was full, which is not counted on$/)
    expect(finding.crossing.within[30]).toBe(1)
    const disk = foreseeFilling({ kind: 'disk', name: '/var', ...sawtooth([8, 30, 52]) }, around)
    expect(disk).toMatchObject({
      found: [expect.anything(), expect.stringMatching(/will go on to$/), expect.anything()],
    })
  })

  it('is given back by a restart just before it would have been killed, as the kernel tells it', () => {
    const known = (...days: number[]) => ({
      from: now - 60 * dayMs,
      stepMs: dayMs,
      values: Float64Array.from({ length: 60 }, (_, day) => (days.includes(day) ? 1 : 0)),
    })
    const say = (kills: ReturnType<typeof known>) => {
      const finding = foreseeFilling({ kind: 'memory', name: 'app', ...sawtooth([8, 30, 52]), kills }, around)
      if (finding.is !== 'foreseen') throw new Error(finding.text)
      return finding.found
    }
    // Nobody killed it, however full it was.
    expect(say(known())[1]).toMatch(
      /fell 3 times, 2[.\d]* days apart on average and 22 at the most, and will go on to$/,
    )
    expect(say(known(8))[1]).toMatch(/fell 3 times, once since it was full/)
    expect(say(known(8, 30, 52)).slice(1, 3)).toEqual([
      expect.stringMatching(/fell 3 times, each time since it was full, which is not counted on$/),
      'the kernel killed it for want of memory in 3 hours, the last time on 21 February',
    ])
    // Before anybody told, it is guessed.
    const late = known(52)
    late.values.fill(Number.NaN, 0, 40)
    expect(say(late)[1]).toMatch(/fell 3 times, twice since it was full/)
  })

  it('comes when there is no restart for longer than usual, as the docs show', () => {
    const finding = foreseeFilling(
      { kind: 'memory', name: 'app', ...sawtooth([4, 11, 17, 24, 30, 37, 43]) },
      around,
    )
    if (finding.is !== 'foreseen') throw new Error(finding.text)
    const { text, found, next, crossing } = finding
    expect(crossing.within[30]).toBeGreaterThan(0.5)
    const shown = [
      `! payments production ${text}`,
      `  ${Math.round(100 * crossing.within[30])} % within 30 days`,
      ...found.map((line) => `  ${line}`),
      `    next: ${next}`,
    ]
    expect(readFileSync('docs/futures.md', 'utf8')).toContain(shown.join('\n'))
  })

  it('does not guess from three days', () => {
    const finding = foreseeFilling({ kind: 'files', name: 'files', ...filled(3, (day) => day) }, around)
    expect(finding).toEqual({
      ...{ is: 'unforeseen', kind: 'files', name: 'files' },
      text: 'files: 3 days are known, expected at least 5',
    })
  })
})
