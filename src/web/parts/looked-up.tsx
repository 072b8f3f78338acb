import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useEffect } from 'react'
import { Link } from 'wouter'
import { ApiError, get } from '../api.ts'
import { useNamedPart } from '../arrival.ts'
import { SignIn } from './sign-in.tsx'

const Waiting = () => <p className="quiet">Looking …</p>

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
  const { data, error } = useQuery<T>({
    queryKey: [path],
    queryFn: () => get<T>(path),
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
      {data ? children(data) : error ? <Failed error={error} /> : <Waiting />}
    </main>
  )
}
