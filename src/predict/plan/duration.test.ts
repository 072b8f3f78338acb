import { expect, it } from 'vitest'
import { foreseeDuration, type Took } from './duration.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
const now = Date.UTC(2027, 2, 1)
const around = { now, timeZone: 'Etc/UTC' }
const seen = (took: readonly Took[]) => ({
  ...{ name: 'pipeline', subject: 'its pipeline', limitMs: 20 * minuteMs, took },
  limit: '20 m 00 s, which is the longest it may',
})

it('says what a pipeline takes, and when that is too long', () => {
  // Three runs a day, ten seconds longer each day; one waited for an hour.
  const took = Array.from({ length: 30 * 3 }, (_, i) => ({
    at: now - 30 * dayMs + (i + 0.5) * (dayMs / 3),
    ms: 9 * minuteMs + Math.floor(i / 3) * 10_000 + (i % 3) * 4_000 + (i === 40 ? 60 * minuteMs : 0),
  }))
  const finding = foreseeDuration(seen(took), around)
  expect(finding.text).toMatch(
    /^its pipeline takes 13 m \d\d s and will pass 20 m 00 s, which is the longest it may, about \d+ April \(80 %: [^)]*April\)$/,
  )
})

it('says that it does not know from a few runs, and that nothing comes where nothing grows', () => {
  expect(foreseeDuration(seen([{ at: now - dayMs, ms: minuteMs }]), around).text).toBe(
    'its pipeline: 1 days are known, expected at least 5',
  )
  const took = Array.from({ length: 30 }, (_, i) => ({ at: now - (30 - i) * dayMs, ms: 9 * minuteMs }))
  expect(foreseeDuration(seen(took), around).text).toBe(
    'its pipeline takes 9 m 00 s and is not seen to pass 20 m 00 s, which is the longest it may, within 180 days',
  )
})
