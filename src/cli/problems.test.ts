import { describe, expect, test } from 'vitest'
import { PlimsollError } from '../kernel/index.ts'
import { renderError, renderErrorJson } from './problems.ts'

const plain = { colour: false, ascii: false }

const one = new PlimsollError('PLM_CONFIG_INVALID', [
  {
    at: 'slos[0].objective',
    place: 'plimsoll.config.ts:14',
    text: 'slos[0].objective is 99.9, expected a ratio below 1',
    didYouMean: '0.999',
  },
])

describe('an error on the screen', () => {
  test('has five parts', () => {
    expect(renderError(one, plain)).toBe(
      [
        '✗ PLM_CONFIG_INVALID  slos[0].objective is 99.9, expected a ratio below 1',
        '  plimsoll.config.ts:14   Did you mean 0.999?   plimsoll help PLM_CONFIG_INVALID',
        '',
      ].join('\n'),
    )
  })

  test('says what is known in general when nothing more is', () => {
    expect(renderError(new PlimsollError('PLM_SERVER_UNREACHABLE'), plain)).toBe(
      [
        '✗ PLM_SERVER_UNREACHABLE  The Plimsoll server did not answer.',
        '  plimsoll help PLM_SERVER_UNREACHABLE',
        '  Start it with `plimsoll up`, or name it with --server or PLIMSOLL_SERVER.',
        '',
      ].join('\n'),
    )
  })

  test('of very many problems shows some, and steers no terminal', () => {
    const problems = Array.from({ length: 11_506 }, (_, i) => ({ text: `line ${i}\n is \u001b[2Jbad` }))
    const text = renderError(new PlimsollError('PLM_USAGE', problems), plain)
    expect(text).toContain('PLM_USAGE  11506 problems\n\n  line 0 is bad\n')
    expect(text).toContain('\n  line 49 is bad\n\n  and 11456 more, which --json names\n')
    expect(text).not.toContain('line 50 ')
  })

  test('names the place in front when the sentence does not', () => {
    const error = new PlimsollError('PLM_USAGE', [{ at: '--port', text: 'expected a number' }])
    expect(renderError(error, plain)).toContain('PLM_USAGE  --port: expected a number\n')
  })

  test('does without characters and colours that a screen cannot show', () => {
    const error = new PlimsollError('PLM_TOKEN_WRONG', 'a → b…')
    const text = renderError(error, { colour: false, ascii: true })
    expect(text).toContain('x PLM_TOKEN_WRONG  a -> b...')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
    expect(text).toMatch(/^[\x00-\x7f]*$/)
  })

  test('has colours where they are wanted', () => {
    expect(renderError(one, { colour: true, ascii: false })).toContain(
      '\u001b[31m✗ PLM_CONFIG_INVALID\u001b[0m',
    )
    expect(renderError(one, plain)).not.toContain('\u001b')
  })
})

test('scripts get the same as one document', () => {
  expect(JSON.parse(renderErrorJson(one))).toEqual({
    schemaVersion: 1,
    error: {
      code: 'PLM_CONFIG_INVALID',
      message: 'The configuration does not say what it may say.',
      hint: expect.stringContaining('plimsoll check'),
      problems: one.problems,
    },
  })
})
