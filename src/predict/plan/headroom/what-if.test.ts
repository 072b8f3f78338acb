import { describe, expect, it } from 'vitest'
import { readWhatIf, whatIfExamples } from './what-if.ts'

/** Saturday, in London. */
const now = Date.UTC(2026, 10, 28, 19)
const read = (texts: readonly string[], timeZone = 'Europe/London') => readWhatIf(texts, { now, timeZone })
const assumed = (...texts: readonly string[]) => {
  const answer = read(texts)
  if ('problems' in answer) throw new Error(answer.problems.map(({ text }) => text).join('; '))
  return answer.assumed
}
const problems = (...texts: readonly string[]) => {
  const answer = read(texts)
  return 'problems' in answer ? answer.problems : []
}

describe('what if', () => {
  it('is said in the ways that are named where it cannot be read', () => {
    for (const example of whatIfExamples) expect(problems(example)).toEqual([])
  })

  it('is an hour of a weekday or a date, where clocks show the time of the zone', () => {
    expect(assumed('Friday 12:00 x2').moments).toEqual([
      { at: Date.UTC(2026, 11, 4, 12), times: 2, text: 'Friday 2026-12-04 12:00 (Europe/London)' },
    ])
    const [at] = ['sat 18:00 x 1.5', 'sat 20:00 ×1.5'].map((text) => assumed(text).moments[0]?.at)
    expect(at).toBe(Date.UTC(2026, 11, 5, 18))
    expect(assumed('sat 20:00 ×1.5').moments[0]?.at).toBe(Date.UTC(2026, 10, 28, 20))
    const inNewYork = read(['2026-12-04 12:00 x3'], 'America/New_York')
    expect(inNewYork).toMatchObject({ assumed: { moments: [{ at: Date.UTC(2026, 11, 4, 17), times: 3 }] } })
  })

  it('adds up instances, and has one growth', () => {
    expect(assumed('one instance less', '3 instances more')).toMatchObject({
      instances: 2,
      says: ['there is one instance less', 'there are 3 instances more'],
    })
    expect(assumed('grows 5 % a week').growthPerWeek).toBeCloseTo(0.05, 9)
    expect(assumed('shrinks 10% a year').growthPerWeek).toBeCloseTo(0.9 ** (7 / 365.25) - 1, 9)
    expect(assumed('release 5B1F0C9')).toMatchObject({ release: '5b1f0c9', says: ['release 5b1f0c9 runs'] })
  })

  it('is a size of each instance, said at once or apart', () => {
    const gib = 2 ** 30
    expect(assumed('cpus 2')).toMatchObject({ size: { cpus: 2 }, says: ['each instance has 2 CPUs'] })
    expect(assumed('CPU 0.5', 'memory 512 MiB').size).toEqual({ cpus: 0.5, memoryBytes: gib / 2 })
    expect(assumed('cpus 1, memory 512MiB')).toMatchObject({
      size: { cpus: 1, memoryBytes: gib / 2 },
      says: ['each instance has 1 CPU and 512 MiB'],
    })
    expect(problems('cpus 1, cpus 2').map(({ text }) => text)).toEqual([
      "'cpus 1, cpus 2' is no size of an instance, expected 'cpus 2', 'memory 4GiB' or 'size 2 cpus 4GiB'",
    ])
    expect(assumed('size 2 cpus 4GiB')).toMatchObject({
      size: { cpus: 2, memoryBytes: 4 * gib },
      says: ['each instance has 2 CPUs and 4 GiB'],
    })
    expect(problems('cpus 0', 'memory 1KiB', 'cpus two').map(({ text }) => text)).toEqual([
      "'cpus 0' is no size of an instance, expected 'cpus 2', 'memory 4GiB' or 'size 2 cpus 4GiB'",
      "'memory 1kib' is no size of an instance, expected 'cpus 2', 'memory 4GiB' or 'size 2 cpus 4GiB'",
      expect.stringMatching(/^'cpus two' cannot be read, expected /),
    ])
    expect(problems('cpus 2', 'size 4 cpus and 8GiB', 'memory 1GiB').map(({ text }) => text)).toEqual([
      'names 2 numbers of CPUs, expected one',
      'names 2 amounts of memory, expected one',
    ])
  })

  it('tells of all that it cannot read, with what it can', () => {
    expect(problems('twice as much', 'frday 12:00 x2', 'one instance less')).toEqual([
      {
        at: 'whatIf[0]',
        text: "'twice as much' cannot be read, expected 'friday 12:00 x2', '2026-12-04 12:00 x2', 'one instance less', '2 instances more', 'cpus 2', 'memory 4GiB', 'size 2 cpus 4GiB', 'grows 5 % a week' or 'release 5b1f0c9'",
      },
      { at: 'whatIf[1]', text: "'frday' is no weekday", didYouMean: 'friday' },
    ])
    const texts = (...given: readonly string[]) => problems(...given).map(({ text }) => text)
    expect(
      texts(
        '2026-02-30 12:00 x2',
        'friday 25:00 x2',
        '2026-11-01 12:00 x2',
        '2027-11-01 12:00 x2',
        'friday 12:00 x0',
        'no instances more',
        'shrinks 100 % a week',
      ),
    ).toEqual([
      "'2026-02-30 12:00 x2' names a time that there is not",
      "'friday 25:00 x2' names a time that there is not",
      'Sunday 2026-11-01 12:00 (Europe/London) is past, expected a time to come',
      'Monday 2027-11-01 12:00 (Europe/London) is too far ahead, expected a time within 179 days',
      "'friday 12:00 x0' is 0 times as much, expected more than 0 and at most 1000",
      expect.stringMatching(/^'no instances more' says no number of instances/),
      "'shrinks 100 % a week' is more than there is, expected less than 100 % down and at most 1000 % up",
    ])
    expect(texts('grows 1 % a week', 'grows 2 % a week')).toEqual(['names 2 growths, expected one'])
  })
})
