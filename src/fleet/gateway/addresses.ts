/** An address as its bytes: 4 of them, or 16. One of IPv4 in the clothes of IPv6 is the one of IPv4. */
export type Address = readonly number[]

/** All addresses that begin with the same bits. */
export type Network = { readonly start: Address; readonly bits: number }

/** As RFC 3986 has it: four numbers, none with a zero before it, so that nobody reads one as octal. */
const byte = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/
const group = /^[\da-f]{1,4}$/i

function readFour(text: string): Address | undefined {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => byte.test(part)) ? parts.map(Number) : undefined
}

/** Groups between colons as bytes; the last may be an address of IPv4. */
function readGroups(text: string): Address | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    const four = i === parts.length - 1 && part.includes('.') ? readFour(part) : undefined
    if (four) bytes.push(...four)
    else if (group.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255)
    else return undefined
  }
  return bytes
}

const isMapped = (bytes: Address): boolean =>
  bytes.slice(0, 10).every((one) => one === 0) && bytes[10] === 255 && bytes[11] === 255

function readSixteen(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  // An address of IPv4 stands at the very end, and nowhere else.
  if (halves.length === 2 && halves[0]?.includes('.')) return undefined
  const [before, after] = [readGroups(halves[0] ?? ''), readGroups(halves[1] ?? '')]
  if (!before || !after) return undefined
  const missing = 16 - before.length - after.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  const bytes = [...before, ...new Array<number>(missing).fill(0), ...after]
  return isMapped(bytes) ? bytes.slice(12) : bytes
}

/** @returns undefined when it is no address, strictly: no zone, no port, no spaces, nothing left out */
export const readAddress = (text: string): Address | undefined =>
  text.includes(':') ? (text.length > 45 ? undefined : readSixteen(text)) : readFour(text)

/** As RFC 5952 has it: small letters, no zeros in front, the longest run of zeros left out. */
export function addressText(bytes: Address): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  )
  const text = groups.join(':')
  const runs = [...text.matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)]
  const longest = runs.reduce((most, [run]) => (run.length > most.length ? run : most), '')
  if (longest === '') return text
  const at = runs.find(([run]) => run === longest)?.index ?? 0
  const [before, after] = [text.slice(0, at), text.slice(at + longest.length)]
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`
}

/** `10.0.0.0/8`, or an address alone. @returns undefined when it is none, or has bits behind its length */
export function readNetwork(text: string): Network | undefined {
  const [name = '', length, more] = text.split('/')
  const start = readAddress(name)
  if (!start || more !== undefined) return undefined
  const longest = start.length * 8
  if (length === undefined) return { start, bits: longest }
  const bits = /^\d{1,3}$/.test(length)
    ? Number(length) - (name.includes(':') ? 128 - longest : 0)
    : Number.NaN
  if (!(bits >= 0 && bits <= longest)) return undefined
  return start.some((one, i) => (one & ~maskOf(i, bits) & 255) !== 0) ? undefined : { start, bits }
}

/** The bits of a byte that belong to the network. */
const maskOf = (at: number, bits: number): number => {
  const own = Math.min(8, Math.max(0, bits - at * 8))
  return (0xff00 >> own) & 255
}

export const isWithin = (address: Address, { start, bits }: Network): boolean =>
  address.length === start.length &&
  start.every((one, i) => ((one ^ (address[i] ?? 0)) & maskOf(i, bits)) === 0)
