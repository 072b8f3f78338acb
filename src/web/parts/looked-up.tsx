import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useEffect, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, get } from '../api.ts'
import { useNamedPart } from '../arrival.ts'
import { Clocks } from './clocks.ts'
import { SignIn } from './sign-in.tsx'
import { Ago } from './time.tsx'

/** So long somebody waits before wondering whether anything goes on. */
const longMs = 4_000

function Waiting() {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p className="quiet" role="status">
      {isLong ? 'Still looking: the server is slow to answer, and is asked on.' : 'Looking …'}
    </p>
  )
}

/** What is seen was seen before: the server could not say it again. */
const Stale = ({ error, at }: { error: Error; at: number }) => (
  <p className="problem" role="status">
    {error instanceof ApiError ? headline(error.message) : 'The server did not answer'}; what you see is from{' '}
    <Ago at={at} />.
  </p>
)

const headline = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Hints name commands as one writes them: `plimsoll status`. */
const Hint = ({ text }: { text: string }) => (
  <p>
    {text
      .split('`')
      .map((part, i) =>
        i % 2 === 1 ? <code key={part}>{part}</code> : <Fragment key={part}>{part}</Fragment>,
      )}
  </p>
)

function Failed({ error }: { error: Error }) {
  const isAnswer = error instanceof ApiError
  if (isAnswer && error.code.startsWith('PLM_TOKEN')) return <SignIn why={headline(error.message)} />
  return (
    <div role="alert">
      <h1>{isAnswer ? headline(error.message) : 'The server did not answer'}</h1>
      <Hint text={isAnswer ? error.hint : 'Is it running? `plimsoll up` starts it.'} />
      <p>
        <Link href="/">All services</Link>
      </p>
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
  const { data, error, dataUpdatedAt } = useQuery<T & { readonly timeZone?: string }>({
    queryKey: [path],
    queryFn: () => get(path),
    refetchInterval: everyMs,
  })
  const name = data
    ? title(data)
    : error instanceof ApiError
      ? `${headline(error.message)} – Plimsoll`
      : 'Plimsoll'
  useNamedPart(data !== undefined)
  useEffect(() => {
    document.title = name
  }, [name])
  return (
    <main id="content" tabIndex={-1}>
      {data && error ? <Stale error={error} at={dataUpdatedAt} /> : null}
      {data ? (
        <Clocks value={data.timeZone}>{children(data)}</Clocks>
      ) : error ? (
        <Failed error={error} />
      ) : (
        <Waiting />
      )}
    </main>
  )
}
