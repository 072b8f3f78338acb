import { describe, expect, it } from 'vitest'
import { listeningInodes } from './listening-sockets.ts'

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const row = (local: string, state: string, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 100`
const table = (...rows: string[]): string => [head, ...rows, ''].join('\n')

const any6 = '0'.repeat(32)
const loopback6 = '00000000000000000000000001000000'
const mapped = '0000000000000000FFFF00000100007F'

describe('the sockets that listen on an address', () => {
  it('are those of its port that are bound to it, not the connections', () => {
    const tcp = table(
      row('0100007F:1F90', '0A', 11),
      row('0100007F:1F90', '01', 12),
      row('0100007F:1F91', '0A', 13),
      row('0200007F:1F90', '0A', 14),
    )
    expect(listeningInodes([tcp], '127.0.0.1', 8_080)).toEqual(['11'])
    expect(listeningInodes([tcp], '127.0.0.2', 8_080)).toEqual(['14'])
    expect(listeningInodes([tcp], '127.0.0.1', 8_082)).toEqual([])
  })

  it('are those that are bound to every address, when none is bound to this one', () => {
    const everywhere = [table(row('00000000:1F90', '0A', 21)), table(row(`${any6}:1F90`, '0A', 22))]
    expect(listeningInodes(everywhere, '127.0.0.1', 8_080)).toEqual(['21', '22'])
    expect(listeningInodes(everywhere, '::1', 8_080)).toEqual(['22'])
    const both = [table(row('0100007F:1F90', '0A', 11), row('00000000:1F90', '0A', 21))]
    expect(listeningInodes(both, '127.0.0.1', 8_080)).toEqual(['11'])
  })

  it('may be of IPv6, and of IPv4 within it', () => {
    const tcp6 = table(row(`${loopback6}:1F90`, '0A', 31), row(`${mapped}:1F90`, '0A', 32))
    expect(listeningInodes(['', tcp6], '::1', 8_080)).toEqual(['31'])
    expect(listeningInodes(['', tcp6], '127.0.0.1', 8_080)).toEqual(['32'])
  })

  it('are none where there is no table, or the address is no such one', () => {
    expect(listeningInodes(['', ''], '127.0.0.1', 8_080)).toEqual([])
    expect(listeningInodes([table(row('0100007F:1F90', '0A', 11))], 'fe80::1', 8_080)).toEqual([])
  })
})
