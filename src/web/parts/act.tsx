import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError, forgetToken, paths, send, storedToken, storeToken } from '../api.ts'

type Action = { readonly label: string; readonly effect: string; readonly command: string }
type Wish = { readonly kind: 'deploy' | 'promote' | 'rollback'; readonly release?: string }

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
        onChange={(event) => onToken(event.target.value)}
        aria-describedby={`${id}-hint`}
      />
      <p id={`${id}-hint`} className="quiet">
        <code>plimsoll up</code> printed it; <code>plimsoll token add NAME</code> makes another. It is kept
        until this tab is closed.
      </p>
    </div>
  )
}

function useAct(service: string, environment: string, wish: Wish, close: () => void) {
  const [problem, setProblem] = useState('')
  const [going, setGoing] = useState(false)
  const queries = useQueryClient()
  const [, go] = useLocation()
  const act = async (token: string) => {
    if (token) storeToken(token)
    setGoing(true)
    setProblem('')
    try {
      const { deployment } = await send<{ deployment: string }>(
        'POST',
        paths.deployments(service, environment),
        wish,
      )
      await queries.invalidateQueries()
      close()
      go(`/deployments/${encodeURIComponent(deployment)}`)
    } catch (error) {
      if (error instanceof ApiError && error.code.startsWith('PLM_TOKEN')) forgetToken()
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setGoing(false)
    }
  }
  return { act, problem, going }
}

/** A button that changes production: it says what will happen and the command that does the same, and asks once. */
export function Act({
  service,
  environment,
  action,
  wish,
  strong,
}: {
  service: string
  environment: string
  action: Action
  wish: Wish
  strong?: boolean
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [token, setToken] = useState('')
  const title = useId()
  const { act, problem, going } = useAct(service, environment, wish, () => dialog.current?.close())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void act(token)
  }
  return (
    <>
      <button
        type="button"
        className={strong ? 'strong' : undefined}
        onClick={() => dialog.current?.showModal()}
      >
        {action.label}
        <span className="unseen">
          {' '}
          {service} {environment}
        </span>
      </button>
      <dialog ref={dialog} aria-labelledby={title}>
        <form onSubmit={submit}>
          <h2 id={title}>{action.label}?</h2>
          <p>{action.effect}.</p>
          <p className="quiet">
            The same on the command line: <code>{action.command}</code>
          </p>
          {storedToken() ? null : <TokenField onToken={setToken} />}
          {problem ? (
            <p role="alert" className="problem">
              {problem}
            </p>
          ) : null}
          <div className="buttons">
            <button type="submit" className="strong" disabled={going}>
              {action.label}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Leave it
            </button>
          </div>
        </form>
      </dialog>
    </>
  )
}
