import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type FormEvent,
  type ReactNode,
  useCallback,
  useContext,
  useId,
  useRef,
  useState,
} from 'react'
import { useLocation } from 'wouter'
import { ApiError, forgetToken, storedToken, storeToken } from '../api.ts'
import { asSentence } from '../format.ts'
import { PlanAhead } from './plan-ahead.tsx'
import { TokenField } from './token-field.tsx'
import { usualEnd, usualEnds } from './usual-ends.ts'
import { carryOut, hasEnd, isDeployment, type Order, type Said, type Words, wordsFor } from './wishes.ts'

const Asking = createContext<(order: Order) => void>(() => {})

/** @returns opens the dialog that asks whether an order is meant */
export const useAsk = (): ((order: Order) => void) => useContext(Asking)

function WordsField({ words, onWords }: { words: Words; onWords: (text: string) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{words.label}</label>
      <textarea
        id={id}
        required={words.required}
        rows={3}
        maxLength={words.longest}
        onChange={(event) => onWords(event.target.value.trim())}
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className="quiet">
        {words.hint}
      </p>
    </div>
  )
}

function EndField({ forMs, onEnd }: { forMs: number; onEnd: (forMs: number) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>Ends</label>
      <select id={id} value={String(forMs)} onChange={(event) => onEnd(Number(event.target.value))}>
        {usualEnds.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

function useSend(close: () => void) {
  const [problem, setProblem] = useState('')
  const [going, setGoing] = useState(false)
  const queries = useQueryClient()
  const [, go] = useLocation()
  const sendOff = async (order: Order, token: string, said: Said) => {
    if (token) storeToken(token)
    setGoing(true)
    setProblem('')
    try {
      const next = await carryOut(order, said)
      close()
      void queries.invalidateQueries()
      if (next) go(next)
      // What opened the dialog is about to go: who works by keyboard goes on at the top of the page.
      else document.getElementById('content')?.focus()
    } catch (error) {
      if (error instanceof ApiError && error.code.startsWith('PLM_TOKEN')) forgetToken()
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setGoing(false)
    }
  }
  return { sendOff, problem, going }
}

function Question({ order, onClose }: { order: Order; onClose: () => void }) {
  const [token, setToken] = useState('')
  const [reason, setReason] = useState('')
  const [forMs, setForMs] = useState(Number(usualEnd))
  const { sendOff, problem, going } = useSend(onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void sendOff(order, token, { reason, forMs })
  }
  const { label, effect, command } = order.action
  const words = wordsFor[order.wish.kind]
  return (
    <form onSubmit={submit}>
      <h2 id="asked">{label}?</h2>
      <p>{asSentence(effect)}</p>
      {isDeployment(order.wish) ? (
        <PlanAhead service={order.service} environment={order.environment} wish={order.wish} />
      ) : null}
      <p className="quiet">
        The same on the command line: <code>{command}</code>
      </p>
      {hasEnd(order.wish) ? <EndField forMs={forMs} onEnd={setForMs} /> : null}
      {words ? <WordsField words={words} onWords={setReason} /> : null}
      {storedToken() ? null : <TokenField onToken={setToken} />}
      {problem ? (
        <p role="alert" className="problem">
          {problem}
        </p>
      ) : null}
      <div className="buttons">
        <button type="submit" className="strong" disabled={going}>
          {label}
        </button>
        <button type="button" onClick={onClose}>
          Leave it
        </button>
      </div>
    </form>
  )
}

/** The one dialog of the page. What it says stays as it was when it opened, whatever comes from the server meanwhile. */
export function AskBefore({ children }: { children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [asked, setAsked] = useState<{ readonly order: Order; readonly time: number }>()
  const ask = useCallback((order: Order) => {
    setAsked((before) => ({ order, time: (before?.time ?? 0) + 1 }))
    dialog.current?.showModal()
  }, [])
  return (
    <Asking value={ask}>
      {children}
      <dialog ref={dialog} aria-labelledby="asked">
        {asked ? (
          <Question key={asked.time} order={asked.order} onClose={() => dialog.current?.close()} />
        ) : null}
      </dialog>
    </Asking>
  )
}
