import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

/** The bytes of a body, and what kind they are when the caller says nothing of it. */
export type Encoded = { readonly bytes: Buffer; readonly type?: string }

/** Text and bytes as they are, forms as forms, anything else as JSON. */
export async function encodeBody(body: unknown): Promise<Encoded | undefined> {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: 'text/plain;charset=UTF-8' }
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }
  if (body instanceof URLSearchParams)
    return { bytes: Buffer.from(body.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  if (body instanceof FormData || body instanceof Blob) {
    const form = new Response(body)
    const type = form.headers.get('content-type')
    return { bytes: Buffer.from(await form.arrayBuffer()), ...(type ? { type } : {}) }
  }
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' }
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes),
  'x-gzip': (bytes) => gunzipSync(bytes),
  deflate: (bytes) => inflateSync(bytes),
  br: (bytes) => brotliDecompressSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
}

/** Undoes the codings of a body, the last first. A coding that nobody here knows is left as it is. */
export function decodeBody(bytes: Buffer, coding: string | undefined): Buffer {
  if (coding === undefined || bytes.length === 0) return bytes
  return coding
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .reduceRight((rest, one) => decoders[one]?.(rest) ?? rest, bytes)
}
