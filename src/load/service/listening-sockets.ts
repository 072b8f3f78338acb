/** A table of Linux's sockets as it stands in `/proc/net/tcp` or `/proc/net/tcp6`. */
type SocketTable = string

const listening = '0A'

/** How the kernel writes an address: words of 32 bits, each with its lowest byte first. */
function wordsOf(bytes: readonly number[]): string {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
  return Array.from({ length: hex.length / 4 }, (_, i) =>
    hex
      .slice(4 * i, 4 * i + 4)
      .reverse()
      .join(''),
  ).join('')
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]
const any = (length: number): string => '0'.repeat(2 * length)

/** What a socket may be bound to that hears this address, the most special first. */
function boundTo(address: string): readonly (readonly string[])[] {
  if (address === '::1') return [[wordsOf([...new Array<number>(15).fill(0), 1])], [any(16)]]
  const bytes = address.split('.').map(Number)
  if (bytes.length !== 4 || !bytes.every((byte) => byte >= 0 && byte <= 255)) return []
  // A socket for IPv6 hears IPv4, too, unless it was told not to.
  return [
    [wordsOf(bytes), wordsOf([...mappedPrefix, ...bytes])],
    [any(4), any(16)],
  ]
}

/**
 * The inodes of the sockets that hear an address and port.
 * @param address IPv4, or ::1
 */
export function listeningInodes(
  tables: readonly SocketTable[],
  address: string,
  port: number,
): readonly string[] {
  const wanted = port.toString(16).padStart(4, '0').toUpperCase()
  const rows = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === listening && local?.endsWith(`:${wanted}`))
  for (const bound of boundTo(address)) {
    const found = rows.filter(([, local = '']) => bound.includes(local.slice(0, -5)))
    if (found.length > 0) return found.flatMap((fields) => fields[9] ?? [])
  }
  return []
}
