import { describe, expect, it } from 'vitest'
import type { LoadHistoryView } from '../../contract/index.ts'
import {
  changeLabels,
  dayNames,
  driftPlaces,
  formatIndex,
  lineCsv,
  lineTable,
  pointText,
  rangeOf,
  stepsOf,
} from './load-line.ts'

const at = new Date(2026, 11, 3, 14, 0).getTime()

const point = (short: string, index: number, interval: { low: number; high: number } | null) => ({
  release: {
    digest: `sha256:${short}`,
    short,
    commit: `c${short}`,
    subject: `Change ${short}`,
    author: 'ann',
    builtAt: at,
  },
  at,
  index,
  interval,
})

const history: Pick<LoadHistoryView, 'line' | 'shifts' | 'drift'> = {
  line: [point('a', 1, null), point('b', 0.9, { low: -0.12, high: -0.08 }), point('c', 0.9, null)],
  shifts: [{ release: 'sha256:b', ratio: -0.1, p: 0.001 }],
  drift: null,
}
const steps = stepsOf(history)

describe('the load line from release to release', () => {
  it('has the interval of each step where it puts the point', () => {
    expect(steps.map(({ reach }) => reach)).toEqual([null, { low: 0.88, high: 0.92 }, null])
    expect(steps.map(({ step }) => step)).toEqual([null, 0.9 - 1, 0])
    expect(steps.map(({ shift }) => shift?.ratio)).toEqual([undefined, -0.1, undefined])
  })

  it('stands on an axis that makes no cliff of noise', () => {
    expect(rangeOf(steps)).toEqual({ low: 0.88, high: 1.1 })
    expect(rangeOf([])).toEqual({ low: 0.9, high: 1.1 })
  })

  it('has labels above its lasting changes', () => {
    const at = (place: number) => place * 10
    expect(changeLabels(steps, null, at)).toEqual([{ text: '−10 % since 3 Dec', x: 5 }])
    const drift = { first: 'sha256:b', last: 'sha256:c', ratio: -0.04, p: 0.01 }
    const drifting = stepsOf({ ...history, shifts: [], drift })
    expect(driftPlaces(drifting)).toEqual([0, 2])
    expect(driftPlaces(steps)).toEqual([])
    expect(changeLabels(drifting, drift, at)).toEqual([{ text: '−4 % little by little', x: 0 }])
    expect(lineTable(drifting).rows.map((row) => row.at(-1))).toEqual([
      '',
      'little by little',
      'little by little',
    ])
  })

  it('is read out point by point', () => {
    expect(steps.map(pointText)).toEqual([
      'Change a, 3 Dec 2026: 100 %, the first release',
      'Change b, 3 Dec 2026: 90 %, −10 % from the release before (95 %: −12 % to −8 %)',
      'Change c, 3 Dec 2026: 90 %, 0 % from the release before',
    ])
    expect(dayNames(steps)(at)).toBe('3 Dec')
    expect(dayNames([...steps, { ...point('d', 1, null), at: at + 301 * 86_400_000 }])(at)).toBe('Dec 2026')
    expect(formatIndex(0.9634)).toBe('96.3 %')
  })

  it('is kept as a table and as it is', () => {
    expect(lineTable(steps).rows[1]?.slice(3)).toEqual(['90 %', '−10 %', '−12 % to −8 %', '−10 %'])
    expect(lineCsv(steps).rows[1]).toEqual([
      'sha256:b',
      'cb',
      'Change b',
      new Date(at).toISOString(),
      0.9,
      0.9 - 1,
      -0.12,
      -0.08,
      -0.1,
      'no',
      null,
    ])
  })
})
