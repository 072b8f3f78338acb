import { expect, it } from 'vitest'
import { writeExposition } from '../../series/index.ts'
import { faultsOf, storageFamilies } from './storage.ts'

const well = {
  series: 7,
  mostSeries: 20_000,
  known: 9,
  appended: { taken: 100, outOfOrder: 0, duplicate: 0, beyondLimit: 3 },
  damaged: 0,
  failing: undefined,
  dropped: 0,
  oldestDay: undefined,
}
const full = { ...well, failing: { since: 0, because: 'disk is full', unwritten: 40 }, dropped: 5 }

it('says in words and numbers that nothing can be written, and what was dropped', () => {
  expect(faultsOf(well)).toEqual([])
  expect(faultsOf(full)).toEqual([
    'the store of time series cannot write (disk is full): 40 samples are in memory alone',
    '5 samples were dropped, because they could not be written',
  ])
  const text = writeExposition(storageFamilies(full))
  for (const line of [
    'plimsoll_series_failing 1',
    'plimsoll_series_unwritten_samples 40',
    'plimsoll_series_dropped_total 5',
    'plimsoll_series_beyond_limit_total 3',
  ])
    expect(text).toContain(`${line}\n`)
  expect(writeExposition(storageFamilies(well))).toContain('plimsoll_series_failing 0\n')
})

it('says why nothing is kept when the store could not be opened', () => {
  expect(faultsOf({ because: 'held' })).toEqual(['what is collected is not kept: held'])
  expect(writeExposition(storageFamilies({ because: 'held' }))).toContain('plimsoll_series_failing 1\n')
})
