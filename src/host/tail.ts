import { execFile } from 'node:child_process'
import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import type { CommandSpec } from './jobs.ts'
import type { JobFolder } from './layout.ts'
import { createMask, type Mask } from './mask.ts'

/** How much of the spool is in the log. Written after the log: a log that is longer was not finished. */
type Mark = { readonly spoolBytes: number; readonly logBytes: number; readonly droppedBytes: number }

const pieceBytes = 1 << 16
/** Raw output that was masked is given back to the disk in pieces of this size. */
const releaseBytes = 32 << 20
/** Read at most so much at a time, so that a talkative step does not hold up the others. */
const turnBytes = 8 << 20

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function readMark(path: string): Mark {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Mark
  } catch {
    return { spoolBytes: 0, logBytes: 0, droppedBytes: 0 }
  }
}

/**
 * Carries one job's output from the private spool to the kept log: masked, and capped or rotated. What is in the log
 * and how far the spool was read are recorded together, so that after a crash nothing is lost and nothing twice.
 */
export class Tail {
  readonly #files: JobFolder
  readonly #log: CommandSpec['log']
  readonly #mask: Mask
  readonly #piece = Buffer.alloc(pieceBytes)
  #read: number
  #written: number
  #dropped: number
  #released = 0

  constructor(files: JobFolder, log: CommandSpec['log'], secrets: readonly string[]) {
    this.#files = files
    this.#log = log
    this.#mask = createMask(secrets)
    const mark = readMark(files.tail)
    this.#read = mark.spoolBytes
    this.#written = mark.logBytes
    this.#dropped = mark.droppedBytes
    if (sizeOf(files.log) > mark.logBytes) truncateSync(files.log, mark.logBytes)
  }

  get droppedBytes(): number {
    return this.#dropped
  }

  /** Takes what is new. @returns true when there is more to take at once */
  pump(): boolean {
    const size = sizeOf(this.#files.spool)
    if (size <= this.#read) return false
    if (this.#isFull()) this.#skipTo(size)
    else this.#copy(Math.min(size, this.#read + turnBytes))
    this.#mark()
    this.#giveBack()
    return sizeOf(this.#files.spool) > this.#read
  }

  /** The command has ended: the rest, what was held back, and a word on what was dropped. The spool goes. */
  finish(): void {
    while (this.pump());
    this.#keep(this.#mask.end())
    if (this.#dropped > 0) this.#append(Buffer.from(`\n… ${this.#dropped} bytes more were not kept\n`))
    if (this.#read > 0) this.#mark()
    rmSync(this.#files.spool, { force: true })
  }

  #isFull = (): boolean => !this.#log.rotate && this.#written >= this.#log.maxBytes

  /** Nobody reads what is not kept. */
  #skipTo(size: number): void {
    this.#dropped += size - this.#read
    this.#read = size
  }

  #copy(until: number): void {
    const spool = openSync(this.#files.spool, 'r')
    try {
      while (this.#read < until) {
        const got = readSync(spool, this.#piece, 0, Math.min(pieceBytes, until - this.#read), this.#read)
        if (got === 0) return
        this.#read += got
        this.#keep(this.#mask.push(this.#piece.subarray(0, got)))
      }
    } finally {
      closeSync(spool)
    }
  }

  #keep(bytes: Buffer): void {
    if (this.#log.rotate && this.#written + bytes.length > this.#log.maxBytes) this.#rotate()
    const room = this.#log.rotate ? bytes.length : Math.max(0, this.#log.maxBytes - this.#written)
    this.#dropped += Math.max(0, bytes.length - room)
    this.#append(bytes.subarray(0, room))
  }

  #append(bytes: Buffer): void {
    if (bytes.length === 0) return
    const log = openSync(this.#files.log, 'a', 0o600)
    writeSync(log, bytes)
    closeSync(log)
    this.#written += bytes.length
  }

  #rotate(): void {
    if (this.#written > 0) renameSync(this.#files.log, this.#files.oldLog)
    this.#written = 0
  }

  /** What the mask holds back counts as not read yet. */
  #mark(): void {
    const mark: Mark = {
      spoolBytes: this.#read - this.#mask.held,
      logBytes: this.#written,
      droppedBytes: this.#dropped,
    }
    writeFileSync(`${this.#files.tail}.new`, JSON.stringify(mark), { mode: 0o600 })
    renameSync(`${this.#files.tail}.new`, this.#files.tail)
  }

  /**
   * The command goes on appending to the spool, so that it can be neither cut nor renamed without losing a line; but
   * a hole can be punched where it was read. Where that cannot be done, the spool stays until the end.
   */
  #giveBack(): void {
    const until = this.#read - this.#mask.held
    if (until - this.#released < releaseBytes) return
    const length = until - this.#released
    execFile(
      'fallocate',
      ['--punch-hole', '--offset', String(this.#released), '--length', String(length), this.#files.spool],
      () => {},
    )
    this.#released = until
  }
}
