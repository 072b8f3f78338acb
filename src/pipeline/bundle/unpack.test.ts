import { lstat, mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Header, pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { memoryBlobs } from './blobs.fixture.ts'
import { bundleFolder } from './bundle.ts'
import { fillFolder, temporaryFolder } from './folder.fixture.ts'
import { overlayBundle, unpackBundle } from './unpack.ts'
import { everything } from './walk.ts'

type Entry = Partial<Header> & { name: string; content?: string }

/** An archive as somebody with bad intentions would make it. */
async function archive(entries: readonly Entry[]) {
  const blobs = memoryBlobs()
  const tar = pack()
  for (const { content, ...header } of entries) tar.entry(header, content ?? '')
  tar.finalize()
  const { digest } = await blobs.put(tar as unknown as AsyncIterable<Uint8Array>)
  return { blobs, digest }
}

const link = (name: string, linkname: string): Entry => ({ name, type: 'symlink', linkname })

describe('an archive that means harm is refused, and nothing of it stays', () => {
  const cases: [string, Entry[]][] = [
    ['a parent', [{ name: '../evil', content: 'x' }]],
    ['a parent further down', [{ name: 'a/../../evil', content: 'x' }]],
    ['an absolute name', [{ name: '/evil', content: 'x' }]],
    ['an empty part', [{ name: 'a//b', content: 'x' }]],
    ['a link to a parent', [link('out', '../..')]],
    ['an absolute link', [link('out', '/')]],
    ['a link through a link', [link('a/b/c', '../..'), link('out', 'a/b/c/../..')]],
    ['a file through a link', [link('here', '.'), { name: 'here/evil', content: 'x' }]],
    [
      'a file below a file',
      [
        { name: 'a', content: 'x' },
        { name: 'a/b', content: 'x' },
      ],
    ],
    [
      'a name twice',
      [
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ],
    ],
    ['a link instead of a folder', [{ name: 'a/b', content: 'x' }, link('a', 'c')]],
    ['a hard link', [{ name: 'a', type: 'link', linkname: '/etc/passwd' }]],
    ['a device', [{ name: 'a', type: 'character-device' }]],
    ['a pipe', [{ name: 'a', type: 'fifo' }]],
  ]
  test.each(cases)('%s', async (_, entries) => {
    const root = await temporaryFolder()
    const { blobs, digest } = await archive([{ name: 'good', content: 'x' }, ...entries])
    await expect(unpackBundle(blobs, digest, join(root, 'x/out'))).rejects.toThrow(/the bundle holds/)
    expect(await readdir(root, { recursive: true })).toEqual(['x'])
  })

  test('bytes that are no archive', async () => {
    const blobs = memoryBlobs()
    const { digest } = await blobs.put(
      (async function* () {
        yield Buffer.alloc(2_000, 'x')
      })(),
    )
    const root = await temporaryFolder()
    await expect(unpackBundle(blobs, digest, join(root, 'out'))).rejects.toThrow()
    expect(await readdir(root)).toEqual([])
  })
})

describe('laying outputs over a tree', () => {
  test('replaces files, links and folders of the same name, and keeps the rest', async () => {
    const root = await temporaryFolder()
    const blobs = memoryBlobs()
    const outputs = await fillFolder(join(root, 'in'), {
      'dist/a': 'new',
      'dist/b': '-> a',
      c: 'new',
      d: '#!new',
    })
    const { digest } = await bundleFolder(blobs, outputs, everything)
    const tree = await fillFolder(join(root, 'tree'), {
      'dist/a': 'old',
      'dist/b': 'old',
      'c/x': 'old',
      d: '-> kept',
    })
    await fillFolder(tree, { kept: 'kept' })
    await overlayBundle(blobs, digest, tree)
    expect(await readFile(join(tree, 'dist/b'), 'utf8')).toBe('new')
    expect(await readFile(join(tree, 'c'), 'utf8')).toBe('new')
    expect(await readFile(join(tree, 'kept'), 'utf8')).toBe('kept')
    expect((await lstat(join(tree, 'd'))).isFile()).toBe(true)
  })

  test('never writes through a link of the tree', async () => {
    const root = await temporaryFolder()
    const blobs = memoryBlobs()
    const outputs = await fillFolder(join(root, 'in'), { 'dist/a': 'new' })
    const { digest } = await bundleFolder(blobs, outputs, everything)
    await mkdir(join(root, 'elsewhere'))
    await mkdir(join(root, 'tree'))
    await symlink(join(root, 'elsewhere'), join(root, 'tree/dist'))
    await overlayBundle(blobs, digest, join(root, 'tree'))
    expect(await readdir(join(root, 'elsewhere'))).toEqual([])
    expect(await readFile(join(root, 'tree/dist/a'), 'utf8')).toBe('new')
  })
})
