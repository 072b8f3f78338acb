import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import type { AccessLogSeen } from '../traffic.ts'
import { requestFiles } from './request-files.ts'
import { type RequestLine, requestText } from './request-line.ts'

/** So long a line waits to be written with others; a gateway that is killed loses no more. */
const writeEveryMs = 200
/** So much is written at once, without waiting. */
const batchCharacters = 1 << 16
/** Beyond what waits for a slow disk, lines are dropped: requests do not wait for them. */
const mostCharacters = 1 << 23

export type RequestLogWanted = { readonly keep: number; readonly query: boolean }

/** The file that is open. */
type Open = { readonly handle: FileHandle; readonly inode: number }

/**
 * The access log of a gateway: lines are gathered in memory and written by the system's threads, a batch at a time. It is
 * kept in parts, of which the oldest goes when the newest is full.
 */
export class RequestLog {
  readonly #folder: string
  readonly #mayRotate: () => boolean
  #wanted: RequestLogWanted | undefined
  #waiting = ''
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #open: Open | undefined
  #written = 0
  #dropped = 0
  #because: string | undefined

  /** @param mayRotate a gateway that leaves does not: another one writes the same files, and sees to them */
  constructor(folder: string, mayRotate: () => boolean) {
    this.#folder = folder
    this.#mayRotate = mayRotate
  }

  /** Undefined: nothing more is written. */
  serve(wanted: RequestLogWanted | undefined): void {
    this.#wanted = wanted
  }

  add(line: RequestLine): void {
    if (!this.#wanted) return
    if (this.#waiting.length >= mostCharacters) return void this.#dropped++
    this.#waiting += requestText(line, this.#wanted.query)
    if (this.#waiting.length >= batchCharacters) this.#write()
    else this.#timer ??= setTimeout(this.#onTime, writeEveryMs)
  }

  /** Returns when all is written that was added. */
  async close(): Promise<void> {
    while (this.#waiting !== '' || this.#writing) {
      this.#write()
      await this.#writing
    }
    await this.#open?.handle.close().catch(() => undefined)
    this.#open = undefined
  }

  /** Nothing where it is off. */
  seen(): { readonly accessLog?: AccessLogSeen } {
    if (!this.#wanted) return {}
    const failing = this.#because === undefined ? {} : { because: this.#because }
    return { accessLog: { written: this.#written, dropped: this.#dropped, ...failing } }
  }

  readonly #onTime = (): void => {
    this.#timer = undefined
    this.#write()
  }

  /** One batch at a time: what comes meanwhile is the next. */
  #write(): void {
    if (this.#writing || this.#waiting === '') return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = this.#waiting
    this.#waiting = ''
    this.#writing = this.#append(text).finally(() => {
      this.#writing = undefined
      if (this.#waiting.length >= batchCharacters) this.#write()
      else if (this.#waiting !== '') this.#timer ??= setTimeout(this.#onTime, writeEveryMs)
    })
  }

  async #append(text: string): Promise<void> {
    const lines = text.split('\n').length - 1
    try {
      const file = await this.#current()
      await file.handle.appendFile(text)
      this.#written += lines
      this.#because = undefined
    } catch (error) {
      this.#dropped += lines
      this.#because = (error as NodeJS.ErrnoException).code ?? String(error)
      await this.#open?.handle.close().catch(() => undefined)
      this.#open = undefined
    }
  }

  /** The newest part, with room in it. Somebody else may have moved it away: another gateway, or `logrotate`. */
  async #current(): Promise<Open> {
    const [newest = ''] = requestFiles(this.#folder)
    const there = await stat(newest).catch(() => undefined)
    if (this.#open && there?.ino !== this.#open.inode) await this.#leave()
    const file = this.#open ?? (await this.#take(newest))
    const most = (this.#wanted?.keep ?? 0) / requestFiles(this.#folder).length
    if ((there?.size ?? 0) < most || !this.#mayRotate()) return file
    await this.#leave()
    await rotate(requestFiles(this.#folder))
    return this.#take(newest)
  }

  async #leave(): Promise<void> {
    await this.#open?.handle.close()
    this.#open = undefined
  }

  async #take(path: string): Promise<Open> {
    const handle = await open(path, 'a+', 0o600)
    const { ino, size } = await handle.stat()
    this.#open = { handle, inode: ino }
    const last = size > 0 ? await handle.read(Buffer.alloc(1), 0, 1, size - 1) : undefined
    // The end of a line may be missing where a machine lost its power.
    if (last && last.buffer[0] !== 10) await handle.appendFile('\n')
    return this.#open
  }
}

/** Each part becomes the next older one; the oldest is gone. @param files the newest first */
async function rotate(files: readonly string[]): Promise<void> {
  for (let i = files.length - 1; i > 0; i--)
    await rename(files[i - 1] ?? '', files[i] ?? '').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
}
