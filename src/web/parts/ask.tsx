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
import { ApiError, forgetToken, paths, send, storedToken, storeToken } from '../api.ts'

/** Something that changes an environment, as it was when somebody asked for it. */
export type Order = {
  readonly service: string
  readonly environment: string
  readonly action: { readonly label: string; readonly effect: string; readonly command: string }
  readonly wish: { readonly kind: 'deploy' | 'promote' | 'rollback'; readonly release?: string }
}

const Asking = createContext<(order: Order) => void>(() => {})

/** @returns opens the dialog that asks whether an order is meant */
export const useAsk = (): ((order: Order) => void) => useContext(Asking)

function TokenField({ onToken }: { onToken: (token: string) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>Token</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        required
        onChange={(event) => onToken(event.target.value.trim())}
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className="quiet">
        <code>plimsoll up</code> printed it; <code>plimsoll token add NAME</code> makes another. It is kept
        until this tab is closed.
      </p>
    </div>
  )
}

function useSend(close: () => void) {
  const [problem, setProblem] = useState('')
  const [going, setGoing] = useState(false)
  const queries = useQueryClient()
  const [, go] = useLocation()
  const carryOut = async ({ service, environment, wish }: Order, token: string) => {
    if (token) storeToken(token)
    setGoing(true)
    setProblem('')
    try {
      const path = paths.deployments(service, environment)
      const { deployment } = await send<{ deployment: string }>('POST', path, wish)
      close()
      void queries.invalidateQueries()
      go(`/deployments/${encodeURIComponent(deployment)}`)
    } catch (error) {
      if (error instanceof ApiError && error.code.startsWith('PLM_TOKEN')) forgetToken()
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setGoing(false)
    }
  }
  return { carryOut, problem, going }
}

function Question({ order, onClose }: { order: Order; onClose: () => void }) {
  const [token, setToken] = useState('')
  const { carryOut, problem, going } = useSend(onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void carryOut(order, token)
  }
  const { label, effect, command } = order.action
  return (
    <form onSubmit={submit}>
      <h2 id="asked">{label}?</h2>
      <p>{effect}.</p>
      <p className="quiet">
        The same on the command line: <code>{command}</code>
      </p>
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
