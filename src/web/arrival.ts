import { useEffect } from 'react'

/** The part of a page that its address names, when it is there. */
const named = (): HTMLElement | null =>
  location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null

/** Brings into view what the address names, once the page has what to show. */
export function useNamedPart(isThere: boolean): void {
  useEffect(() => {
    if (isThere) named()?.scrollIntoView()
  }, [isThere])
}

/**
 * Whoever follows a link begins at the top of what it leads to, and so does the keyboard; on the way back the browser knows
 * where one was.
 */
export function useArrival(): void {
  useEffect(() => {
    const arrive = () =>
      requestAnimationFrame(() => {
        const part = named()
        if (part) part.scrollIntoView()
        else scrollTo(0, 0)
        document.getElementById('content')?.focus({ preventScroll: true })
      })
    // The router says so.
    addEventListener('pushState', arrive)
    return () => removeEventListener('pushState', arrive)
  }, [])
}
