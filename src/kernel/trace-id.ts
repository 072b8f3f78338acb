/** The last steps of MurmurHash3: texts that differ in one letter come to lie far apart. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** 32 bits of a text: FNV-1a from a start of one's own. */
function word(text: string, start: number): string {
  let hash = (0x811c9dc5 ^ Math.imul(start, 0x9e3779b1)) >>> 0
  for (let i = 0; i < text.length; i++) hash = mixed(Math.imul(hash ^ text.charCodeAt(i), 0x01000193) + start)
  return hash.toString(16).padStart(8, '0')
}

const words = (text: string, count: number): string =>
  Array.from({ length: count }, (_, i) => word(text, i + 1)).join('')

/** What is only zeros is no id. */
const orOne = (id: string): string => (/^0+$/.test(id) ? id.replace(/0$/, '1') : id)

/** W3C's id of a trace, 32 hexadecimal digits; the same for the same text. */
export const traceIdOf = (text: string): string => orOne(words(text, 4))

/** W3C's id of a span, 16 hexadecimal digits; the same for the same text. */
export const spanIdOf = (text: string): string => orOne(words(text, 2))

/** A span as W3C's header, and the variable `TRACEPARENT`, name it for those below it; it is kept. */
export const traceparentOf = (traceId: string, spanId: string): string => `00-${traceId}-${spanId}-01`
