import type { IncomingMessage } from 'node:http'
import { createMask } from '../host/index.ts'

/** So much of what a receiver says is read, and shown. */
const bytesRead = 1_024
const charactersShown = 200

/** Pages for browsers say nothing in a line. */
const isReadable = (answer: IncomingMessage): boolean =>
  /^(?:text\/plain|application\/(?:[\w.]+\+)?json)\b/.test(answer.headers['content-type'] ?? '')

async function firstBytes(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of answer) {
      pieces.push(piece)
      length += piece.length
      if (length >= bytesRead) break
    }
  } catch {
    // It was cut off, or took too long: what came is what there is to show.
  }
  return Buffer.concat(pieces).subarray(0, bytesRead)
}

/**
 * Why a receiver does not take something, in its own words on one line; undefined when it says nothing that can be shown.
 * @param secrets nothing of which is shown
 */
export async function refusalOf(
  answer: IncomingMessage,
  secrets: readonly string[],
): Promise<string | undefined> {
  if (!isReadable(answer)) {
    answer.once('error', () => {})
    answer.destroy()
    return undefined
  }
  const mask = createMask(secrets)
  // What is held back at the end may be the beginning of a secret.
  const shown = mask.push(await firstBytes(answer)).toString('utf8')
  const line = shown.replaceAll(/[\s\p{C}]+/gu, ' ').trim()
  return line === '' ? undefined : line.slice(0, charactersShown)
}
