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
import { asSentence } from '../format.ts'
import { PlanAhead } from './plan-ahead.tsx'
import { TokenField } from './token-field.tsx'

/**
 * A deployment is ordered; or one that is held is let go on, or a release signed off: those with a reason. A spike is
 * prolonged, or closed with its answer. A silence is ended. A squeeze is stopped.
 */
type Wish =
  | { readonly kind: 'deploy' | 'promote' | 'rollback'; readonly release?: string }
  | { readonly kind: 'continue'; readonly deployment: string }
  | { readonly kind: 'signOff'; readonly release: string }
  | { readonly kind: 'extend'; readonly spike: string; readonly lifeMs: number }
  | { readonly kind: 'close'; readonly spike: string }
  | { readonly kind: 'answer'; readonly spike: string }
  | { readonly kind: 'unsilence'; readonly silence: string }
  | { readonly kind: 'stopSqueeze'; readonly squeeze: string }

type Deploys = Extract<Wish, { kind: 'deploy' | 'promote' | 'rollback' }>

const isDeployment = (wish: Wish): wish is Deploys =>
  wish.kind === 'deploy' || wish.kind === 'promote' || wish.kind === 'rollback'

/** Something that changes an environment, as it was when somebody asked for it. */
export type Order = {
  readonly service: string
  readonly environment: string
  readonly action: {
    readonly label: string
    readonly effect: string
    readonly command: string
    readonly refused?: string | undefined
  }
  readonly wish: Wish
}

const Asking = createContext<(order: Order) => void>(() => {})

/** @returns opens the dialog that asks whether an order is meant */
export const useAsk = (): ((order: Order) => void) => useContext(Asking)

/** What somebody is to say with a wish; so long it may be, as the server has it. */
type Words = {
  readonly label: string
  readonly hint: string
  readonly required: boolean
  readonly longest: number
}

const aReason: Words = {
  label: 'Reason',
  hint: 'It is kept with the deployment, beside your name.',
  required: true,
  longest: 500,
}

const anAnswer: Words = {
  label: 'Answer',
  hint: 'It is kept with the question and the figures, beside your name.',
  required: true,
  longest: 5_000,
}

const wordsFor: Readonly<Partial<Record<Wish['kind'], Words>>> = {
  continue: aReason,
  signOff: aReason,
  answer: anAnswer,
  stopSqueeze: { ...aReason, required: false, hint: 'It is kept with the squeeze, beside your name.' },
  close: { ...anAnswer, required: false, hint: `${anAnswer.hint} It may also be given later.` },
}

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

/** @returns the page that shows what came of it; none when that is the one at hand */
async function carryOut({ service, environment, wish }: Order, reason: string): Promise<string | undefined> {
  if (wish.kind === 'continue') {
    const { done } = await send<{ done: boolean }>('POST', paths.goOn(wish.deployment), { reason })
    if (!done) throw new Error('It is not held any more: somebody else has decided.')
    return undefined
  }
  if (wish.kind === 'signOff') {
    await send('POST', paths.signOffs(service, environment), { release: wish.release, reason })
    return undefined
  }
  if (wish.kind === 'extend') {
    await send('POST', paths.spikeAction(wish.spike, 'extend'), { lifeMs: wish.lifeMs })
    return undefined
  }
  if (wish.kind === 'close' || wish.kind === 'answer') {
    await send('POST', paths.spikeAction(wish.spike, 'close'), reason ? { answer: reason } : {})
    return undefined
  }
  if (wish.kind === 'unsilence') {
    await send('DELETE', paths.silence(wish.silence), {})
    return undefined
  }
  if (wish.kind === 'stopSqueeze') {
    await send('POST', paths.stopSqueeze(wish.squeeze), { reason: reason || 'no reason given' })
    return undefined
  }
  const path = paths.deployments(service, environment)
  const { deployment } = await send<{ deployment: string }>('POST', path, wish)
  return `/deployments/${encodeURIComponent(deployment)}`
}

function useSend(close: () => void) {
  const [problem, setProblem] = useState('')
  const [going, setGoing] = useState(false)
  const queries = useQueryClient()
  const [, go] = useLocation()
  const sendOff = async (order: Order, token: string, reason: string) => {
    if (token) storeToken(token)
    setGoing(true)
    setProblem('')
    try {
      const next = await carryOut(order, reason)
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
  const { sendOff, problem, going } = useSend(onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void sendOff(order, token, reason)
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
