import { type FileHandle, open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { requestFiles } from './request-files.ts'

const chunkBytes = 1 << 16
const lookEveryMs = 200
const newline = 10

const opened = (path: string): Promise<FileHandle | undefined> => open(path, 'r').catch(() => undefined)

/** Where the last lines of a file begin, and how many these are: fewer when it has no more. */
async function lastLines(file: FileHandle, wanted: number): Promise<{ from: number; lines: number }> {
  const { size } = await file.stat()
  const chunk = Buffer.alloc(chunkBytes)
  let lines = 0
  for (let end = size; end > 0; end -= chunkBytes) {
    const start = Math.max(0, end - chunkBytes)
    const { bytesRead } = await file.read(chunk, 0, end - start, start)
    for (let at = bytesRead - 1; at >= 0; at--)
      // The last byte of all ends the last line; each one before it ends the line before.
      if (chunk[at] === newline && start + at < size - 1 && ++lines === wanted)
        return { from: start + at + 1, lines }
  }
  return { from: 0, lines: size > 0 ? lines + 1 : 0 }
}

async function* copy(file: FileHandle, from: number): AsyncGenerator<Buffer, number> {
  for (let at = from; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at)
    if (bytesRead === 0) return at
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** What comes to the newest part, and to the one that takes its place. */
async function* follow(path: string, first: FileHandle | undefined, from: number, signal: AbortSignal) {
  let [file, at] = [first, from]
  while (!signal.aborted) {
    file ??= await opened(path)
    const isCurrent = file && (await stat(path).catch(() => undefined))?.ino === (await file.stat()).ino
    if (file) at = yield* copy(file, at)
    if (file && !isCurrent) {
      await file.close()
      ;[file, at] = [undefined, 0]
    } else await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
  await file?.close()
}

/**
 * The last lines of an access log, oldest first; then, if wanted, what comes.
 * @param folder the gateway's own
 */
export async function* tailRequests(
  folder: string,
  { last, goesOn }: { readonly last: number; readonly goesOn: boolean },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const parts: { readonly file: FileHandle; readonly from: number }[] = []
  const [newest = '', ...older] = requestFiles(folder)
  let missing = last
  for (const path of [newest, ...older]) {
    const file = missing > 0 ? await opened(path) : undefined
    if (!file) continue
    const { from, lines } = await lastLines(file, missing)
    missing -= lines
    parts.unshift({ file, from })
  }
  const [current] = parts.splice(-1)
  for (const { file, from } of parts) {
    yield* copy(file, from)
    await file.close()
  }
  const at = current ? yield* copy(current.file, current.from) : 0
  if (goesOn) yield* follow(newest, current?.file, at, signal)
  else await current?.file.close()
}
