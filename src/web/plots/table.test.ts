import { expect, it } from 'vitest'
import { csvOf } from './table.ts'

it('writes rows that a spreadsheet reads', () => {
  expect(
    csvOf({
      heads: ['subject', 'ratio', 'void'],
      rows: [
        ['Say "hello", twice\nand again', -0.14, null],
        ['plain', 0, ''],
      ],
    }),
  ).toBe('subject,ratio,void\r\n"Say ""hello"", twice\nand again",-0.14,\r\nplain,0,\r\n')
})

it('lets no text be a formula', () => {
  expect(csvOf({ heads: ['subject'], rows: [['=HYPERLINK("http://x")'], ['-1+1'], ['@a']] })).toBe(
    'subject\r\n"\'=HYPERLINK(""http://x"")"\r\n\'-1+1\r\n\'@a\r\n',
  )
})
