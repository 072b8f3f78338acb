import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { AlertsView, SilenceRequest } from '../../contract/index.ts'
import { ApiError, forgetToken, paths, send, storedToken, storeToken } from '../api.ts'
import { TokenField } from './token-field.tsx'
import { usualEnd, usualEnds } from './usual-ends.ts'

/** What is to be silenced, as far as somebody has said; '' is any. */
export type Draft = {
  readonly service: string
  readonly environment: string
  readonly slo: string
  readonly severity: string
}

/** `resolved` and `time` are not so many milliseconds from now. */
const ends = [...usualEnds, ['resolved', 'when what fires of it now is over'], ['time', 'at a time']] as const

function Field({
  label,
  hint,
  children,
}: {
  label: string
  hint?: string
  children: (id: string) => ReactNode
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
    </div>
  )
}

const Choice = ({
  label,
  value,
  all,
  any,
  onChoice,
}: {
  readonly label: string
  readonly value: string
  readonly all: readonly string[]
  readonly any?: string
  readonly onChoice: (value: string) => void
}) => (
  <Field label={label}>
    {(id) => (
      <select id={id} value={value} onChange={(event) => onChoice(event.target.value)}>
        {any === undefined ? null : <option value="">{any}</option>}
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    )}
  </Field>
)

type Terms = { readonly owner: string; readonly reason: string; readonly end: string; readonly time: string }

function requestOf(
  { environment, slo, severity }: Draft,
  { owner, reason, end, time }: Terms,
): SilenceRequest {
  const ends =
    end === 'resolved'
      ? { untilResolved: true }
      : end === 'time'
        ? { until: Date.parse(time) }
        : { forMs: Number(end) }
  return {
    reason,
    ...ends,
    ...(environment === '' ? {} : { environment }),
    ...(slo === '' ? {} : { slo }),
    ...(severity === '' ? {} : { severity }),
    ...(owner === '' ? {} : { owner }),
  }
}

const noTerms: Terms = { owner: '', reason: '', end: usualEnd, time: '' }

/** Keeps alerts from being told: which, for how long, whose it is and why. */
export function SilenceForm({
  places,
  draft,
  onDraft,
  onDone,
}: {
  readonly places: AlertsView['places']
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly onDone: () => void
}) {
  const [terms, setTerms] = useState(noTerms)
  const [token, setToken] = useState('')
  const [problems, setProblems] = useState<readonly string[]>([])
  const queries = useQueryClient()
  const place = places.find(({ service }) => service === draft.service) ?? places[0]
  if (!place) return null
  const wanted = { ...draft, service: place.service }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (token) storeToken(token)
    setProblems([])
    try {
      await send('POST', paths.silences(wanted.service), requestOf(wanted, terms))
      setTerms(noTerms)
      void queries.invalidateQueries()
      onDone()
    } catch (error) {
      if (error instanceof ApiError && error.code.startsWith('PLM_TOKEN')) forgetToken()
      setProblems(error instanceof ApiError ? error.problems : [String(error)])
    }
  }
  const set = (part: Partial<Terms>) => setTerms((before) => ({ ...before, ...part }))
  return (
    <form onSubmit={(event) => void submit(event)} aria-label="Make a silence">
      <div className="fields">
        <Choice
          label="Service"
          value={place.service}
          all={places.map(({ service }) => service)}
          onChoice={(service) => onDraft({ service, environment: '', slo: '', severity: draft.severity })}
        />
        <Choice
          label="Environment"
          value={draft.environment}
          all={place.environments}
          any="every environment"
          onChoice={(environment) => onDraft({ ...wanted, environment })}
        />
        <Choice
          label="SLO"
          value={draft.slo}
          all={place.slos}
          any="every SLO"
          onChoice={(slo) => onDraft({ ...wanted, slo })}
        />
        <Choice
          label="Severity"
          value={draft.severity}
          all={['page', 'ticket']}
          any="pages and tickets"
          onChoice={(severity) => onDraft({ ...wanted, severity })}
        />
        <Field label="Ends">
          {(id) => (
            <select id={id} value={terms.end} onChange={(event) => set({ end: event.target.value })}>
              {ends.map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {terms.end === 'time' ? (
          <Field label="Time">
            {(id) => (
              <input
                id={id}
                type="datetime-local"
                required
                value={terms.time}
                onChange={(event) => set({ time: event.target.value })}
              />
            )}
          </Field>
        ) : null}
        <Field label="Owner" hint="Who is asked about it; the name of your token when empty.">
          {(id) => (
            <input
              id={id}
              type="text"
              autoComplete="off"
              maxLength={500}
              value={terms.owner}
              onChange={(event) => set({ owner: event.target.value })}
              aria-describedby={`${id}-hint`}
            />
          )}
        </Field>
      </div>
      <Field label="Reason" hint="Everybody reads it until the silence ends.">
        {(id) => (
          <textarea
            id={id}
            required
            rows={2}
            maxLength={500}
            value={terms.reason}
            onChange={(event) => set({ reason: event.target.value })}
            aria-describedby={`${id}-hint`}
          />
        )}
      </Field>
      {storedToken() ? null : <TokenField onToken={setToken} />}
      {problems.length === 0 ? null : (
        <ul role="alert" className="plain problem">
          {problems.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      <div className="buttons">
        <button type="submit" className="strong">
          Silence
        </button>
      </div>
    </form>
  )
}
