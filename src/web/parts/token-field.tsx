import { useId } from 'react'

/** Who writes names himself, once for each tab. */
export function TokenField({ onToken }: { onToken: (token: string) => void }) {
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
