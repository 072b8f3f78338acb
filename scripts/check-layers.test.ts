import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkLayers } from './check-layers.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function tree(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-layers-'))
  folders.push(folder)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

const rules = {
  layers: { kernel: [], store: ['kernel'], deploy: ['kernel', 'store'], load: ['kernel'] },
  pure: ['kernel/', 'deploy/plan/'],
}
const texts = (files: Readonly<Record<string, string>>) =>
  checkLayers(tree(files), rules).map(({ file, line, text }) => `${file}:${line} ${text}`)

describe('the check of layers', () => {
  it('lets a layer import what stands below it', () => {
    expect(
      texts({
        'store/a.ts': "import { x } from '../kernel/x.ts'\nimport { y } from './y.ts'\nimport z from 'zod'",
      }),
    ).toEqual([])
  })

  it.each([
    [
      'upwards',
      { 'kernel/a.ts': "import { x } from '../store/x.ts'" },
      'kernel/a.ts:1 imports store, but kernel may import nothing (src/layers.ts)',
    ],
    [
      'sideways',
      { 'deploy/a.ts': "\nimport { x } from '../load/x.ts'" },
      'deploy/a.ts:2 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'a type',
      { 'deploy/a.ts': "import type { X } from '../load/x.ts'" },
      'deploy/a.ts:1 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'by passing on',
      { 'deploy/a.ts': "export { x } from '../load/x.ts'" },
      'deploy/a.ts:1 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'all by passing on',
      { 'deploy/a.ts': "export * from '../load/x.ts'" },
      'deploy/a.ts:1 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'late',
      { 'deploy/a.ts': "const x = await import('../load/x.ts')" },
      'deploy/a.ts:1 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'late, in a template',
      { 'deploy/a.ts': 'const x = await import(`../load/x.ts`)' },
      'deploy/a.ts:1 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'as a type in place',
      { 'deploy/a.ts': "let a: 1\nexport type X = import('../load/x.ts').X" },
      'deploy/a.ts:2 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'with require',
      { 'deploy/a.ts': "import x = require('../load/x.ts')" },
      'deploy/a.ts:1 imports load, but deploy may import kernel, store (src/layers.ts)',
    ],
    [
      'upwards by a test',
      { 'kernel/a.test.ts': "import { x } from '../store/x.ts'" },
      'kernel/a.test.ts:1 imports store, but kernel may import nothing (src/layers.ts)',
    ],
    [
      'from outside',
      { 'deploy/a.ts': "import x from '../../test/x.ts'" },
      'deploy/a.ts:1 imports ../../test/x.ts, which lies outside of src',
    ],
    [
      'Node from a pure folder',
      { 'deploy/plan/a.ts': "import fs from 'node:fs'" },
      'deploy/plan/a.ts:1 imports node:fs, but deploy/plan/ is pure: zod and nothing else (src/layers.ts)',
    ],
    [
      'from a folder that nobody knows',
      { 'misc/a.ts': '' },
      'misc/a.ts:1 lies in misc, which src/layers.ts does not know',
    ],
  ])('refuses what is imported %s', (_how, files, expected) => {
    expect(texts(files as Readonly<Record<string, string>>)).toEqual([expected])
  })

  it('lets a test of a pure folder use Node, and what tests share', () => {
    const file = "import fs from 'node:fs'\nimport { needs } from '../../../test/support/requirements.ts'"
    expect(texts({ 'deploy/plan/a.test.ts': file })).toEqual([])
  })
})
