import { PlimsollError } from '../kernel/index.ts'

/** Shorter ones would blank out half of a log and hide nothing. */
const shortest = 4
const stars = Buffer.from('***')

/** Hides secrets in bytes that come in pieces. */
export interface Mask {
  /** What can be shown of what has come so far. */
  push(chunk: Uint8Array): Buffer
  /** What was held back: the beginning of a secret that never came whole. */
  end(): Buffer
  /** Bytes held back now. */
  readonly held: number
}

/**
 * Base64 of a text that begins `offset` bytes into a group of three, as in `user:secret`: the characters that depend on
 * the secret alone.
 */
function base64At(secret: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64')
  const whole = Math.floor(((offset + secret.length) * 8) / 6)
  return encoded.slice(Math.ceil((offset * 8) / 6), whole)
}

const toUrlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_')

/** In an address and in a form, as the languages differ: what is left as it is, and in which case its bytes are told. */
function inAddresses(secret: string): string[] {
  const address = encodeURIComponent(secret.toWellFormed())
  const strict = address.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const forms = [address, strict, address.replaceAll('%2F', '/'), strict.replaceAll('%2F', '/')]
  const forJava = strict.replaceAll('%2A', '*').replaceAll('~', '%7E')
  const all = [...forms, ...forms.map((form) => form.replaceAll('%20', '+')), forJava.replaceAll('%20', '+')]
  return [...all, ...all.map((form) => form.replaceAll(/%../g, (code) => code.toLowerCase()))]
}

/** In JSON: as this language writes it, with ASCII only (Python), with `\/` (PHP), and as Go and JSON in pages have it. */
function inJson(secret: string): string[] {
  const text = JSON.stringify(secret).slice(1, -1)
  const unicode = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  const all = [text, text.replaceAll('/', '\\/'), text.replaceAll(/[<>&]/g, unicode)]
  return [...all, ...all.map((one) => one.replaceAll(/[\u007f-\uffff]/g, unicode))]
}

/** In HTML and XML; of quotes there are several spellings. */
function inMarkup(secret: string): string[] {
  const text = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = ['&quot;', '&#34;'].map((quote) => text.replaceAll('"', quote))
  const all = ['&#39;', '&#x27;', '&apos;'].flatMap((tick) => quoted.map((one) => one.replaceAll("'", tick)))
  return [text, ...quoted, ...all]
}

/** Forms in which a secret shows up: itself, its lines, as base64 and hexadecimal, in addresses, JSON, markup, shells. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= shortest)
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset)).filter((text) => text.length >= shortest)
  const hex = bytes.toString('hex')
  return [
    secret,
    ...lines,
    ...base64,
    ...base64.map(toUrlSafe),
    hex,
    hex.toUpperCase(),
    ...inAddresses(secret),
    ...inJson(secret),
    ...inMarkup(secret),
    secret.replaceAll("'", "'\\''"),
  ]
}

/** @throws PLM_SECRET_TOO_SHORT */
export function assertMaskable(secrets: readonly string[]): void {
  if (secrets.some((secret) => secret.length < shortest))
    throw new PlimsollError('PLM_SECRET_TOO_SHORT', `a secret is shorter than ${shortest} characters`)
}

/** Longest first: of two secrets that begin alike the longer one is hidden whole. */
function patternsOf(secrets: readonly string[]): Buffer[] {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= shortest))
  return [...forms].map((form) => Buffer.from(form)).sort((a, b) => b.length - a.length)
}

type Match = { readonly at: number; readonly length: number }

/** First match at or after `from`; of several at one place the longest. */
function firstMatch(bytes: Buffer, patterns: readonly Buffer[], from: number): Match | undefined {
  let best: Match | undefined
  for (const pattern of patterns) {
    const at = bytes.indexOf(pattern, from)
    if (at >= 0 && (best === undefined || at < best.at)) best = { at, length: pattern.length }
  }
  return best
}

/** From where on the bytes may be the beginning of a secret that goes on in the next piece. */
function openFrom(bytes: Buffer, patterns: readonly Buffer[], from: number): number {
  const longest = patterns[0]?.length ?? 0
  for (let at = Math.max(from, bytes.length - longest + 1); at < bytes.length; at++) {
    const rest = bytes.subarray(at)
    if (
      patterns.some(
        (pattern) => pattern.length > rest.length && pattern.subarray(0, rest.length).equals(rest),
      )
    )
      return at
  }
  return bytes.length
}

/**
 * Replaces each secret by `***`, wherever the bytes are cut. Holds back at most the longest secret less one byte.
 */
export function createMask(secrets: readonly string[]): Mask {
  const patterns = patternsOf(secrets)
  let held: Buffer = Buffer.alloc(0)

  /** Everything before `limit` is decided; what is open from there on is held back unless it is the end. */
  function flush(bytes: Buffer, isEnd: boolean): Buffer {
    const parts: Buffer[] = []
    let at = 0
    for (;;) {
      const match = firstMatch(bytes, patterns, at)
      const open = isEnd ? bytes.length : openFrom(bytes, patterns, at)
      // A match that begins after bytes which may still become a longer secret waits for them.
      if (!match || match.at >= open) {
        parts.push(bytes.subarray(at, open))
        held = Buffer.from(bytes.subarray(open))
        return Buffer.concat(parts)
      }
      parts.push(bytes.subarray(at, match.at), stars)
      at = match.at + match.length
    }
  }

  return {
    push(chunk) {
      if (patterns.length === 0) return Buffer.from(chunk)
      return flush(held.length > 0 ? Buffer.concat([held, chunk]) : Buffer.from(chunk), false)
    },
    end: () => flush(held, true),
    get held() {
      return held.length
    },
  }
}
