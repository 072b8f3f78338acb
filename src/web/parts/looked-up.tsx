import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { ApiError, get } from '../api.ts'

const Waiting = () => <p className="quiet">Looking …</p>

function Failed({ error }: { error: Error }) {
  return (
    <div className="panel" role="alert">
      <h1>{error instanceof ApiError ? error.message : 'The server did not answer'}</h1>
      <p>{error instanceof ApiError ? error.hint : 'Is it running? plimsoll up starts it.'}</p>
    </div>
  )
}

/** A page that shows what the server says at a path; what was seen last stays while it looks again. */
export function LookedUp<T>({
  path,
  title,
  everyMs = 5_000,
  children,
}: {
  path: string
  title: (seen: T) => string
  /** How often it looks again. */
  everyMs?: number
  children: (seen: T) => ReactNode
}) {
  const { data, error } = useQuery<T>({
    queryKey: [path],
    queryFn: () => get<T>(path),
    refetchInterval: everyMs,
  })
  const name = data ? title(data) : 'Plimsoll'
  useEffect(() => {
    document.title = name
  }, [name])
  return (
    <main id="content" tabIndex={-1}>
      {data ? children(data) : error ? <Failed error={error} /> : <Waiting />}
    </main>
  )
}
