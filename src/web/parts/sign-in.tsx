import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { storeToken } from '../api.ts'
import { TokenField } from './token-field.tsx'

/** Where reading needs a token, too: everywhere but on the machine itself. */
export function SignIn({ why }: { why: string }) {
  const [token, setToken] = useState('')
  const queries = useQueryClient()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    storeToken(token)
    void queries.invalidateQueries()
  }
  return (
    <form onSubmit={submit}>
      <h1>Who are you?</h1>
      <p role="alert">{why}</p>
      <TokenField onToken={setToken} />
      <div className="buttons">
        <button type="submit" className="strong">
          Sign in
        </button>
      </div>
    </form>
  )
}
