import { type ReactNode, useSyncExternalStore } from 'react'

const phone = '(max-width: 30rem)'

function watchWidth(onChange: () => void): () => void {
  const width = matchMedia(phone)
  width.addEventListener('change', onChange)
  return () => width.removeEventListener('change', onChange)
}

/** Whether the page is as narrow as on a phone, or enlarged until it is. */
const useNarrow = (): boolean => useSyncExternalStore(watchWidth, () => matchMedia(phone).matches)

/**
 * What is well, or only figures: closed where there is little room, so that what is wrong is seen without a long way.
 * Everywhere else it stands open, and there is nothing to open.
 * @param title what it is, and how; a heading may be in it, and then stands over it where all is open
 */
export function Fold({
  title,
  brief,
  heads = false,
  isOpen = false,
  always = false,
  children,
}: {
  readonly title: ReactNode
  /** What is said of it only while it is closed. */
  readonly brief?: ReactNode
  /** The title is shown where all is open, too. */
  readonly heads?: boolean
  readonly isOpen?: boolean
  /** Closed at any width: there is a lot of it. */
  readonly always?: boolean
  readonly children: ReactNode
}) {
  const isNarrow = useNarrow()
  if (!(isNarrow || always) || isOpen)
    return (
      <>
        {heads ? title : null}
        {children}
      </>
    )
  return (
    <details className="fold">
      <summary>
        {title}
        {brief}
      </summary>
      {children}
    </details>
  )
}
