import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PlimsollError } from '../../kernel/index.ts'
import { memoryIo } from './screen.fixture.ts'
import { sloImport } from './slo-import.ts'

it('refuses every line that is no series before anybody is asked, and says which', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-import-'))
  const file = join(folder, 'history.jsonl')
  const lines = [
    '{"metric":{"__name__":"x"},"values":[1],"timestamps":["a"]}',
    '',
    'nope',
    '[]',
    '{"metric":{},"values":[1],"timestamps":[1]}',
    '{"values":3}',
  ]
  await writeFile(file, lines.join('\n'))
  const input = { values: {}, positionals: ['history.jsonl', 'production', 'payments'] }
  const refused = await sloImport.run(input, memoryIo(folder)).catch((error: unknown) => error)
  await rm(folder, { recursive: true })
  expect(refused).toBeInstanceOf(PlimsollError)
  const { code, problems } = refused as PlimsollError
  expect(code).toBe('PLM_USAGE')
  expect(problems.map(({ place, at }) => [place, at])).toEqual([
    [`${file}:1`, 'timestamps[0]'],
    [`${file}:3`, undefined],
    [`${file}:4`, undefined],
    ...['metric', 'values', 'timestamps'].map((at) => [`${file}:6`, at]),
  ])
  expect(problems.map(({ text }) => text)).toEqual([
    'expected number, received string',
    expect.stringMatching(/^is not JSON: /),
    'expected object, received array',
    'expected record, received undefined',
    'expected array, received number',
    'expected array, received undefined',
  ])
})
