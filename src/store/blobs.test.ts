import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Digest } from '../kernel/index.ts'
import { fileBlobs } from './blobs.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-blobs-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const bytes = async function* (...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk)
}
const folder = () => join(root, 'blobs')
const fileOf = (digest: Digest) => join(folder(), digest.slice(7, 9), digest.slice(9))
const files = () =>
  readdirSync(folder(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

async function text(digest: Digest): Promise<string> {
  let all = ''
  for await (const chunk of (await fileBlobs(folder()).open(digest)) ?? []) all += Buffer.from(chunk)
  return all
}

/** Puts one chunk of 10,000 bytes where no file may grow beyond 4 or 8 kB, as on a full disk. */
const program = `
const { fileBlobs } = await import(process.argv[1])
const put = fileBlobs(process.argv[2]).put((async function* () { yield Buffer.alloc(10_000, 7) })())
console.log(await put.then(() => 'acknowledged', (error) => error.code))
`

describe('blobs in files', () => {
  it('are kept once, for their owner alone', async () => {
    const { digest } = await fileBlobs(folder()).put(bytes('pre', 'cious'))
    expect(await fileBlobs(folder()).put(bytes('precious'))).toEqual({ digest, size: 8 })
    expect(files()).toHaveLength(1)
    expect(statSync(fileOf(digest)).mode & 0o777).toBe(0o600)
    expect(statSync(folder()).mode & 0o777).toBe(0o700)
  })

  it('are never read damaged, and are whole again when they are put again', async () => {
    const { digest } = await fileBlobs(folder()).put(bytes('precious'))
    writeFileSync(fileOf(digest), 'damaged!')
    await expect(text(digest)).rejects.toThrow(/damaged/)
    await fileBlobs(folder()).put(bytes('precious'))
    expect(await text(digest)).toBe('precious')
  })

  it('leave nothing behind when the sender fails', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the sender is gone')
    }
    await expect(fileBlobs(folder()).put(failing())).rejects.toThrow('the sender is gone')
    expect(files()).toEqual([])
  })

  it('are not acknowledged when the disk takes only a part', () => {
    const where = [new URL('./blobs.ts', import.meta.url).href, folder()]
    const script = `trap '' XFSZ; ulimit -f 8; exec "$0" --input-type=module -e "$@"`
    const { stdout } = spawnSync('sh', ['-c', script, process.execPath, program, ...where], {
      encoding: 'utf8',
    })
    expect(stdout.trim()).toBe('EFBIG')
    expect(files()).toEqual([])
  })

  it('are put by many at once', async () => {
    const blobs = fileBlobs(folder())
    const put = await Promise.all(Array.from({ length: 20 }, (_, i) => blobs.put(bytes(`blob ${i % 4}`))))
    expect(new Set(put.map(({ digest }) => digest)).size).toBe(4)
    expect(files()).toHaveLength(4)
    for (const [i, { digest }] of put.entries()) expect(await text(digest)).toBe(`blob ${i % 4}`)
  })

  it('have no names but digests', async () => {
    const outside = '../../../etc/passwd' as Digest
    await expect(fileBlobs(folder()).has(outside)).rejects.toThrow('is no digest')
    await expect(fileBlobs(folder()).open(`sha256:${'A'.repeat(64)}`)).rejects.toThrow('is no digest')
  })
})
