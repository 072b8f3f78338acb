import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memoryBlobs } from './blobs.fixture.ts'
import { bundleFolder, hashFolder } from './bundle.ts'
import { fillFolder, temporaryFolder } from './folder.fixture.ts'
import { unpackBundle } from './unpack.ts'
import { everything, listFiles } from './walk.ts'

const files = {
  'server.js': 'console.log(1)',
  'bin/start': '#!/bin/sh\nexec node server.js',
  'lib/ä/ö.txt': 'ü',
  [`deep/${'n'.repeat(120)}/${'m'.repeat(120)}.txt`]: 'long',
  'lib/current': '-> ../server.js',
  '.npmrc': 'fund=false',
  'empty.txt': '',
  'large.bin': new Uint8Array(3_000_000).fill(7),
}

const digestOf = async (folder: string, selection = everything) =>
  (await bundleFolder(memoryBlobs(), folder, selection)).digest

describe('the same input gives the same digest', () => {
  test('whatever the order of making, the times, the umask and what belongs to git', async () => {
    const first = await fillFolder(await temporaryFolder(), files)
    const second = await temporaryFolder()
    const umask = process.umask(0o077)
    try {
      await fillFolder(second, Object.fromEntries(Object.entries(files).reverse()))
    } finally {
      process.umask(umask)
    }
    await utimes(join(second, 'server.js'), 1_000, 1_000)
    await fillFolder(second, { '.git/HEAD': 'ref', 'lib/.git': 'gitdir: elsewhere' })
    await mkdir(join(second, 'nothing in it'))
    expect((await lstat(join(second, 'server.js'))).mode & 0o777).toBe(0o600)
    expect(await digestOf(second)).toBe(await digestOf(first))
  })

  test('and always the same: the bytes are part of what is kept for good', async () => {
    const folder = await fillFolder(await temporaryFolder(), { a: '1', 'b/c': '#!x', 'b/d': '-> ../a' })
    expect(await digestOf(folder)).toBe(golden)
  })

  test('a hard link is a file like others', async () => {
    const folder = await fillFolder(await temporaryFolder(), { a: 'x', b: 'x' })
    const before = await digestOf(folder)
    await unlink(join(folder, 'b'))
    await link(join(folder, 'a'), join(folder, 'b'))
    expect(await digestOf(folder)).toBe(before)
  })
})

/** Of tar-stream's bytes; should another version write others, releases would change their names. */
const golden = 'sha256:8501affdb00455f1b1941d38b385997b4adec2bbc7617c0b2f1f600632fd082e'

describe('another input gives another digest', () => {
  const changes: [string, (folder: string) => Promise<unknown>][] = [
    ['a byte', (folder) => writeFile(join(folder, 'server.js'), 'console.log(2)')],
    ['a mode', (folder) => chmod(join(folder, 'server.js'), 0o755)],
    ['a name', (folder) => rename(join(folder, 'server.js'), join(folder, 'serve.js'))],
    ['a file more', (folder) => writeFile(join(folder, 'more'), '')],
    ['a file less', (folder) => unlink(join(folder, '.npmrc'))],
    ['a file of git more', (folder) => fillFolder(folder, { '.git/HEAD': 'x' })],
    [
      'a link',
      async (folder) => {
        await unlink(join(folder, 'lib/current'))
        await symlink('../.npmrc', join(folder, 'lib/current'))
      },
    ],
    [
      'a link that became a file',
      async (folder) => {
        await unlink(join(folder, 'lib/current'))
        await writeFile(join(folder, 'lib/current'), 'console.log(1)')
      },
    ],
  ]
  test.each(changes)('%s', async (_, change) => {
    const root = await temporaryFolder()
    const folder = await fillFolder(join(root, 'in'), files)
    const blobs = memoryBlobs()
    const { digest } = await bundleFolder(blobs, folder, everything)
    await unpackBundle(blobs, digest, join(root, 'out'))
    expect(await hashFolder(join(root, 'out'))).toBe(digest)
    await change(join(root, 'out'))
    expect(await hashFolder(join(root, 'out'))).not.toBe(digest)
  })
})

describe('what is packed', () => {
  test('is what is included and not excluded', async () => {
    const folder = await fillFolder(await temporaryFolder(), {
      'dist/a.js': '1',
      'dist/a.js.map': '2',
      'dist/.cache/x': '3',
      'src/a.ts': '4',
      'package.json': '5',
    })
    const selection = { include: ['dist', 'package.json'], exclude: ['**/*.map', 'dist/.cache'] }
    expect((await listFiles(folder, selection)).map(({ name }) => name)).toEqual([
      'dist/a.js',
      'package.json',
    ])
  })

  test.each([
    ['../outside', 'away'],
    ['/etc/passwd', 'away'],
    ['../../x', 'a/away'],
    ['b/../../../x', 'a/away'],
    ['..', 'away'],
  ])('a link to %s is refused', async (target, name) => {
    const folder = await fillFolder(await temporaryFolder(), { [name]: `-> ${target}` })
    await expect(digestOf(folder)).rejects.toThrow(`the link ${name} points to ${target}`)
  })

  test('a socket is refused', async () => {
    const folder = await temporaryFolder()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(folder, 's.sock'), resolve))
    await expect(digestOf(folder)).rejects.toThrow('s.sock is neither a file nor a folder nor a link')
    await new Promise((resolve) => server.close(resolve))
  })

  test('a file that shrinks while it is read is an error, not a wrong archive', async () => {
    const folder = await fillFolder(await temporaryFolder(), { 'large.bin': new Uint8Array(2_000_000) })
    const { packFiles } = await import('./pack.ts')
    const entries = await listFiles(folder)
    await writeFile(join(folder, 'large.bin'), 'x')
    await expect(memoryBlobs().put(packFiles(folder, entries))).rejects.toThrow()
  })
})

describe('unpacking', () => {
  test('gives back files, modes and links', async () => {
    const root = await temporaryFolder()
    const blobs = memoryBlobs()
    const { digest, sizeBytes } = await bundleFolder(
      blobs,
      await fillFolder(join(root, 'in'), files),
      everything,
    )
    const umask = process.umask(0o077)
    await unpackBundle(blobs, digest, join(root, 'out')).finally(() => process.umask(umask))
    expect(sizeBytes).toBeGreaterThan(3_000_000)
    expect(await readFile(join(root, 'out/lib/ä/ö.txt'), 'utf8')).toBe('ü')
    expect(await readlink(join(root, 'out/lib/current'))).toBe('../server.js')
    expect((await lstat(join(root, 'out/bin/start'))).mode & 0o777).toBe(0o755)
    expect((await lstat(join(root, 'out/server.js'))).mode & 0o777).toBe(0o644)
    expect((await readFile(join(root, 'out/large.bin'))).equals(Buffer.alloc(3_000_000, 7))).toBe(true)
    expect((await readdir(root)).sort()).toEqual(['in', 'out'])
  })

  test('twice, also at the same time, is once', async () => {
    const root = await temporaryFolder()
    const blobs = memoryBlobs()
    const { digest } = await bundleFolder(blobs, await fillFolder(join(root, 'in'), { a: '1' }), everything)
    const out = join(root, 'out')
    await Promise.all([1, 2, 3].map(() => unpackBundle(blobs, digest, out)))
    await unpackBundle(blobs, digest, out)
    expect(await hashFolder(out)).toBe(digest)
    expect((await readdir(root)).sort()).toEqual(['in', 'out'])
  })

  test('a bundle that is not there or damaged leaves nothing behind', async () => {
    const root = await temporaryFolder()
    const blobs = memoryBlobs()
    const { digest } = await bundleFolder(blobs, await fillFolder(join(root, 'in'), { a: '1' }), everything)
    const other = await bundleFolder(blobs, await fillFolder(join(root, 'in2'), { a: '2' }), everything)
    await expect(unpackBundle(blobs, `sha256:${'0'.repeat(64)}`, join(root, 'out'))).rejects.toThrow(
      'is not there',
    )
    for await (const bytes of (await blobs.open(other.digest)) ?? []) blobs.damage(digest, bytes)
    await expect(unpackBundle(blobs, digest, join(root, 'out'))).rejects.toThrow()
    expect((await readdir(root)).sort()).toEqual(['in', 'in2'])
    await rm(join(root, 'in2'), { recursive: true })
  })
})
