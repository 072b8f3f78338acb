import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'

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

/** Deflate is zlib's by the standard, and bare by some servers' habit; the first byte of zlib's names its method, 8. */
const inflate = (bytes: Buffer): Buffer =>
  ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes) : inflateRawSync(bytes)

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes),
  'x-gzip': (bytes) => gunzipSync(bytes),
  deflate: inflate,
  br: (bytes) => brotliDecompressSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
}

function undo(bytes: Buffer, coding: string): Buffer {
  try {
    return decoders[coding]?.(bytes) ?? bytes
  } catch (error) {
    // Made here, so that it knows who asked; what zlib throws does not.
    throw new Error(`the body is not ${coding}: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Undoes the codings of a body, the last first. A coding that nobody here knows is left as it is.
 * @throws Error when it is not coded as it says
 */
export function decodeBody(bytes: Buffer, coding: string | undefined): Buffer {
  if (coding === undefined || bytes.length === 0) return bytes
  return coding
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .reduceRight(undo, bytes)
}
