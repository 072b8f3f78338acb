import { useId } from 'react'
import { useAsk } from './ask.tsx'
import type { Order } from './wishes.ts'

/** A button that changes an environment; it asks first. What cannot be done now can be read, and not pressed. */
export function Act({ strong = false, ...order }: Order & { readonly strong?: boolean }) {
  const ask = useAsk()
  const why = useId()
  const { label, refused } = order.action
  const isRefused = refused !== undefined
  return (
    <>
      <button
        type="button"
        className={strong && !isRefused ? 'strong' : undefined}
        aria-disabled={isRefused || undefined}
        aria-describedby={isRefused ? why : undefined}
        onClick={() => isRefused || ask(order)}
      >
        {label}
        <span className="unseen">
          {' '}
          {order.service} {order.environment}
        </span>
      </button>
      {isRefused ? (
        <p id={why} className="quiet refused">
          Not now: {refused}.
        </p>
      ) : null}
    </>
  )
}
