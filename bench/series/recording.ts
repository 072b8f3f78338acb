import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What an endpoint said, scrape by scrape; small, since half an hour of it is 200 MB of text. */
export type Recorded = { readonly job: string; readonly scrapes: readonly Uint8Array[] }

export const packed = (text: string): Uint8Array => deflateRawSync(text)
export const textOf = (scrape: Uint8Array | undefined): string =>
  scrape ? inflateRawSync(scrape).toString('utf8') : ''

/** Begins a file of a recording, one line a scrape, so that one that was broken off has what came until then. */
export function createRecording(path: string): (job: string, scrape: Uint8Array) => void {
  writeFileSync(path, '')
  return (job, scrape) =>
    appendFileSync(
      path,
      `${job} ${Buffer.from(scrape.buffer, scrape.byteOffset, scrape.length).toString('base64')}\n`,
    )
}

export function readRecording(path: string): readonly Recorded[] {
  const byJob = new Map<string, Uint8Array[]>()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [job = '', base64 = ''] = line.split(' ')
    if (base64 === '') continue
    const scrapes = byJob.get(job) ?? []
    scrapes.push(Buffer.from(base64, 'base64'))
    byJob.set(job, scrapes)
  }
  return [...byJob].map(([job, scrapes]) => ({ job, scrapes }))
}
