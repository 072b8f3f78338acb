import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { paths, signed } from '../api.ts'
import { appendLog, emptyLog, firstError, type LogText, plainLine } from '../log-lines.ts'

/** Reads a log to its end, piece by piece as it comes; once is enough, also when its step ends meanwhile. */
function useLog(run: string, attempt: string, live: boolean): LogText {
  const [log, setLog] = useState(emptyLog)
  const begunLive = useRef(live)
  useEffect(() => {
    const gone = new AbortController()
    setLog(emptyLog)
    const read = async () => {
      const response = await fetch(`${paths.log(run, attempt)}?follow=${begunLive.current ? 1 : 0}`, {
        headers: signed(),
        signal: gone.signal,
      })
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
        const text = piece.value
        setLog((before) => appendLog(before, text))
      }
    }
    read().catch(() => {})
    return () => gone.abort()
  }, [run, attempt])
  return log
}

/** The output of one try: it opens at the first error, follows what comes when asked to, and never moves otherwise. */
export function LogView({
  run,
  attempt,
  name,
  live,
}: {
  run: string
  attempt: string
  name: string
  live: boolean
}) {
  const log = useLog(run, attempt, live)
  const [follow, setFollow] = useState(live)
  const box = useRef<HTMLElement>(null)
  const marked = firstError(log.lines)
  const found = useRef(false)
  useLayoutEffect(() => {
    const here = box.current
    if (!here) return
    if (follow) here.scrollTop = here.scrollHeight
    else if (marked >= 0 && !found.current) {
      found.current = true
      // Only the log scrolls, never the page; a third of what led to it stays in sight.
      const mark = here.querySelector('mark')
      if (mark) here.scrollTop = mark.offsetTop - here.offsetTop - here.clientHeight / 3
    }
  })
  const { lines, dropped, open } = log
  if (lines.length === 0 && open === '')
    return <p className="quiet">{live ? 'Nothing was printed yet.' : 'It printed nothing.'}</p>
  return (
    <div className="log">
      <div className="log-head">
        {live ? (
          <label>
            <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />{' '}
            follow
          </label>
        ) : null}
        <a href={paths.log(run, attempt)}>
          Whole log<span className="unseen"> of {name}</span>
        </a>
        {dropped > 0 ? <span className="quiet">{dropped} earlier lines are only there</span> : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section ref={box} className="log-text" tabIndex={0} aria-label={`Output of ${name}`}>
        {lines.map((line, i) => (
          // Lines are only ever added: their place is their name.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={dropped + i}>{i === marked ? <mark>{line}</mark> : line || ' '}</div>
        ))}
        {open ? <div>{plainLine(open)}</div> : null}
      </section>
    </div>
  )
}
