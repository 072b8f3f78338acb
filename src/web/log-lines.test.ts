import { describe, expect, it } from 'vitest'
import { appendLog, emptyLog, firstError, plainLine, shownLines } from './log-lines.ts'

const add = (...pieces: string[]) => pieces.reduce(appendLog, emptyLog)

describe('lines of a log', () => {
  it('are the same wherever the text was cut', () => {
    const text = 'one\ntwo\r\nthree'
    for (let i = 0; i <= text.length; i++)
      expect(add(text.slice(0, i), text.slice(i))).toEqual({
        lines: ['one', 'two'],
        dropped: 0,
        open: 'three',
      })
  })

  it('come without colours, and progress as it was last', () => {
    expect(add('\u001b[32mok\u001b[0m\n10 %\r50 %\r100 %\n').lines).toEqual(['ok', '100 %'])
  })

  it('come without the titles and links of terminals', () => {
    const text = '\u001b]0;a title\u0007see \u001b]8;;http://x/\u001b\\this\u001b]8;;\u001b\\'
    expect(plainLine(text)).toBe('see this')
  })

  it('are at most so many, the newest', () => {
    const log = add(Array.from({ length: shownLines + 5 }, (_, i) => `${i}\n`).join(''))
    expect([log.lines.length, log.dropped, log.lines[0]]).toEqual([shownLines, 5, '5'])
  })

  it('are searched for what went wrong', () => {
    expect(firstError(['fine', 'no errors', 'Error: it broke', 'failed'])).toBe(2)
    expect(firstError(['fine'])).toBe(-1)
  })
})
