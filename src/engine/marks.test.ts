import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openMarks } from './marks.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-marks-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (reader: (at: string) => boolean, times: readonly string[]) => times.filter(reader).join('')

describe('how far the output of a container was read', () => {
  it('tells what is new when it is read again', () => {
    const marks = openMarks(join(folder, 'new'))
    expect(marks.at('app')).toBe('')
    expect(read(marks.reader('app'), ['1', '2', '2'])).toBe('122')
    expect(read(marks.reader('app'), ['1', '2', '2', '2', '3'])).toBe('23')
    expect(read(marks.reader('proxy'), ['1'])).toBe('1')
  })

  it('takes two streams that come out of order once, and all of them', () => {
    const marks = openMarks(join(folder, 'order'))
    expect(read(marks.reader('app'), ['5', '3'])).toBe('53')
    expect(read(marks.reader('app'), ['5', '3', '4', '6'])).toBe('46')
  })

  it('is read again from some times before the last one, and not from the beginning', () => {
    const marks = openMarks(join(folder, 'long'))
    const times = Array.from('abcdefghijklmnopqrstuvwxyz')
    expect(read(marks.reader('app'), times)).toBe(times.join(''))
    expect(marks.at('app')).toBe('k')
    expect(read(marks.reader('app'), ['j', ...times.slice(10), 'z', '|'])).toBe('z|')
  })

  it('outlives the server once it was kept', () => {
    const file = join(folder, 'kept')
    const marks = openMarks(file)
    read(marks.reader('app'), ['1', '2', '2'])
    marks.keep()
    read(marks.reader('app'), ['1', '2', '2', '3'])
    expect(read(openMarks(file).reader('app'), ['1', '2', '2', '2', '3'])).toBe('23')
  })
})
