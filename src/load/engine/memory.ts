import { getHeapStatistics } from 'node:v8'
import { resourceLimits } from 'node:worker_threads'
import { collect } from './garbage.ts'

/** For scenarios that keep more without beginning anything. */
const checkMs = 100
const mostShare = 0.8
/** What is not used any more counts until it is collected; it is not collected again before so much has come to it. */
const growthShare = 0.05

const bytesPerMb = 1 << 20
const megabytes = (bytes: number): string => `${Math.round(bytes / bytesPerMb)} MB`

/** What lives for longer has a limit of its own; the rest of the heap is for what has just been made. */
const mostOf = (heapLimit: number): number =>
  heapLimit - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * bytesPerMb

const usedNow = (): number => getHeapStatistics().used_heap_size

/**
 * Watches the memory of this thread: once it is all used, nothing of what was counted would be left.
 * @param tell called once, with how much was used
 * @returns whether it is nearly all used; to be asked (it takes a third of a microsecond) whenever something begins that
 * may keep more: on a busy machine a timer comes too late
 */
export function watchMemory(tell: (used: string) => void): () => boolean {
  const limit = mostOf(getHeapStatistics().heap_size_limit)
  let isFull = false
  let lookFrom = mostShare * limit

  function look(): boolean {
    if (isFull || usedNow() <= lookFrom) return isFull
    collect()
    const used = usedNow()
    isFull = used > mostShare * limit
    lookFrom = Math.max(mostShare * limit, used + growthShare * limit)
    if (isFull) {
      clearInterval(timer)
      tell(`${megabytes(used)} of ${megabytes(limit)}`)
    }
    return isFull
  }

  const timer = setInterval(look, checkMs)
  timer.unref()
  return look
}
