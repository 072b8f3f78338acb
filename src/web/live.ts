import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** Events come in bursts; the page looks again at most so often. */
const calmMs = 250

/**
 * Looks again whenever something has changed, and says whether the server is heard at all.
 * @returns true while events come
 */
export function useLive(): boolean {
  const queries = useQueryClient()
  const [heard, setHeard] = useState(true)
  useEffect(() => {
    const events = new EventSource('/api/events')
    let due: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      due ??= setTimeout(() => {
        due = undefined
        void queries.invalidateQueries()
      }, calmMs)
    }
    events.onmessage = look
    events.onopen = () => {
      setHeard(true)
      look()
    }
    events.onerror = () => setHeard(false)
    return () => {
      clearTimeout(due)
      events.close()
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
