import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { listeningInodes } from './listening-sockets.ts'

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const readTable = (name: string): string => orNothing(() => readFileSync(`/proc/net/${name}`, 'utf8')) ?? ''

/** Whether a process holds one of these sockets; what it holds can be seen of one's own processes only. */
function holds(pid: string, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`
  const all = orNothing(() => readdirSync(folder)) ?? []
  return all.some((fd) => sockets.has(orNothing(() => readlinkSync(`${folder}/${fd}`)) ?? ''))
}

/**
 * The processes of this machine that listen on an address and port. None where that cannot be seen: they are somebody
 * else's, in a container of their own, or this is no Linux.
 */
export function findListeners(address: string, port: number): readonly number[] {
  const inodes = listeningInodes([readTable('tcp'), readTable('tcp6')], address, port)
  if (inodes.length === 0) return []
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`))
  const pids = orNothing(() => readdirSync('/proc')) ?? []
  return pids.filter((pid) => /^\d+$/.test(pid) && holds(pid, sockets)).map(Number)
}
