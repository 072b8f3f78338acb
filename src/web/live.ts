import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { signed } from './api.ts'

/** Events come in bursts; the page looks again at most so often. */
const calmMs = 250

/** What looks ahead, or at minutes of figures, is changed by no event alone, and costs more to answer. */
const slow = /^\/api\/(headroom|futures|forecasts|health)/
const slowCalmMs = 5_000

const againMs = 2_000

/** Calls for every piece that comes, until the other side ends it. */
async function hear(body: ReadableStream<Uint8Array>, onEvent: () => void): Promise<void> {
  const reader = body.getReader()
  while (!(await reader.read()).done) onEvent()
}

/** Listens for as long as it takes; not by the browser's EventSource, which carries no token. @returns ends it */
function listen(onEvent: () => void, onHeard: (heard: boolean) => void): () => void {
  const end = new AbortController()
  let again: ReturnType<typeof setTimeout> | undefined
  const open = async () => {
    let answers = false
    try {
      const { ok, status, body } = await fetch('/api/events', { headers: signed(), signal: end.signal })
      // Whoever asks for a token is there.
      answers = status < 500
      onHeard(answers)
      if (!ok || !body) return
      onEvent()
      answers = false
      await hear(body, onEvent)
    } catch {
      answers = false
    } finally {
      if (!end.signal.aborted) {
        onHeard(answers)
        again = setTimeout(open, againMs)
      }
    }
  }
  void open()
  return () => {
    end.abort()
    clearTimeout(again)
  }
}

/** Looks again at what is slow, or at what is not, however often it is asked to. */
function calmly(queries: QueryClient, isSlow: boolean, ms: number) {
  let due: ReturnType<typeof setTimeout> | undefined
  return {
    look() {
      due ??= setTimeout(() => {
        due = undefined
        void queries.invalidateQueries({
          predicate: ({ queryKey: [path] }) => slow.test(String(path)) === isSlow,
        })
      }, ms)
    },
    end: () => clearTimeout(due),
  }
}

/**
 * Looks again whenever something has changed, and says whether the server is heard at all.
 * @returns true while events come
 */
export function useLive(): boolean {
  const queries = useQueryClient()
  const [heard, setHeard] = useState(true)
  useEffect(() => {
    const ends = [calmly(queries, false, calmMs), calmly(queries, true, slowCalmMs)]
    const stop = listen(() => {
      for (const { look } of ends) look()
    }, setHeard)
    return () => {
      for (const { end } of ends) end()
      stop()
    }
  }, [queries])
  return heard
}

/** The time, to the few seconds that "ago" needs. */
export function useNow(everyMs = 5_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
