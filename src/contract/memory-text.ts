import type { InstanceHealth } from './health.ts'

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`

/** `250 MiB of 256 MiB, killed 2 times: out of memory`; undefined where nobody knows what it uses. */
export function memoryText({
  memoryBytes,
  memoryLimitBytes,
  kills = 0,
}: Pick<InstanceHealth, 'memoryBytes' | 'memoryLimitBytes' | 'kills'>): string | undefined {
  if (memoryBytes === undefined) return undefined
  const of = memoryLimitBytes === undefined ? '' : ` of ${mebibytes(memoryLimitBytes)}`
  const killed = kills === 0 ? '' : `, killed ${kills === 1 ? 'once' : `${kills} times`}: out of memory`
  return `${mebibytes(memoryBytes)}${of}${killed}`
}
