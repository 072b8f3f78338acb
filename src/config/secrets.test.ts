import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSecrets } from './secrets.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-secrets-'))
  file = join(folder, 'secrets')
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (text: string, mode = 0o600) => {
  await writeFile(file, text)
  await chmod(file, mode)
}

describe('values', () => {
  test.each([
    ['A=plain', 'plain'],
    ['  A = with spaces  ', 'with spaces'],
    ['A=value # a comment', 'value'],
    ['A=has#no-comment', 'has#no-comment'],
    ['A="two\\nlines" # a comment', 'two\nlines'],
    ['A="say \\"hi\\" \\\\n"', 'say "hi" \\n'],
    ["A='as \\n it is'", 'as \\n it is'],
    ['A=', ''],
    ['A=x=y', 'x=y'],
    ['export A=shell', 'shell'],
    ['# first\n\nA=one\nA=two', 'two'],
    ['A=windows\r\nB=x', 'windows'],
  ])('%j', async (text, value) => {
    await write(text)
    const values = await openSecrets({ file, env: {} }).resolve(['A'])
    expect(values.get('A')).toBe(value)
  })
})

describe('openSecrets', () => {
  test('looks in the file first, then in the environment', async () => {
    await write('A=file')
    const secrets = openSecrets({
      file,
      env: { PLIMSOLL_SECRET_A: 'env', PLIMSOLL_SECRET_B: 'env', C: 'no' },
    })
    expect([...(await secrets.resolve(['A', 'B']))]).toEqual([
      ['A', 'file'],
      ['B', 'env'],
    ])
    await expect(secrets.resolve(['C'])).rejects.toMatchObject({ code: 'PLM_SECRET_MISSING' })
  })

  test('does without a file', async () => {
    const secrets = openSecrets({ file, env: { PLIMSOLL_SECRET_A: 'env' } })
    expect((await secrets.resolve(['A'])).get('A')).toBe('env')
  })

  test('sees a changed file without being opened again', async () => {
    const secrets = openSecrets({ file, env: {} })
    await write('A=one')
    expect((await secrets.resolve(['A'])).get('A')).toBe('one')
    await write('A=two')
    expect((await secrets.resolve(['A'])).get('A')).toBe('two')
  })

  test('names everything that is missing at once, and no value', async () => {
    await write('A=hunter2')
    const failed = openSecrets({ file, env: {} }).resolve(['A', 'B', 'C', 'B'])
    await expect(failed).rejects.toMatchObject({ problems: [{ at: 'B' }, { at: 'C' }] })
    await expect(failed).rejects.not.toThrow('hunter2')
  })

  test.each([0o640, 0o604, 0o666])('refuses a file of mode %o', async (mode) => {
    await write('A=hunter2', mode)
    const failed = openSecrets({ file, env: {} }).resolve(['A'])
    await expect(failed).rejects.toMatchObject({ code: 'PLM_SECRET_FILE_OPEN' })
    await expect(failed).rejects.toThrow(`mode 0${mode.toString(8)}, expected 0600`)
  })

  test('names lines that it cannot read, and never repeats them', async () => {
    await write('A=one\nhunter2\nB="open\n')
    const failed = openSecrets({ file, env: {} }).resolve(['A'])
    await expect(failed).rejects.toMatchObject({
      code: 'PLM_SECRET_FILE_INVALID',
      problems: [{ place: 'secrets:2' }, { place: 'secrets:3' }],
    })
    await expect(failed).rejects.not.toThrow('hunter2')
  })
})
