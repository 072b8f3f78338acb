import { getHeapStatistics } from 'node:v8'
import { resourceLimits } from 'node:worker_threads'

const checkMs = 100
/** What is no longer used counts until it is collected, which happens in good time before this. */
const mostShare = 0.8
/** So many checks in a row. */
const often = 2

const bytesPerMb = 1 << 20
const megabytes = (bytes: number): string => `${Math.round(bytes / bytesPerMb)} MB`

/** What lives for longer has a limit of its own; the rest of the heap is for what has just been made. */
const mostOf = (heapLimit: number): number =>
  heapLimit - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * bytesPerMb

/**
 * Watches the memory of this thread: once it is all used, nothing of what was counted would be left.
 * @param tell called once, with how much was used
 */
export function watchMemory(tell: (used: string) => void): void {
  let inARow = 0
  const timer = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: heapLimit } = getHeapStatistics()
    const limit = mostOf(heapLimit)
    inARow = used > mostShare * limit ? inARow + 1 : 0
    if (inARow < often) return
    clearInterval(timer)
    tell(`${megabytes(used)} of ${megabytes(limit)}`)
  }, checkMs)
  timer.unref()
}
