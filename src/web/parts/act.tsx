import { type Order, useAsk } from './ask.tsx'

/** A button that changes an environment; it asks first. */
export function Act({ strong = false, ...order }: Order & { readonly strong?: boolean }) {
  const ask = useAsk()
  return (
    <button type="button" className={strong ? 'strong' : undefined} onClick={() => ask(order)}>
      {order.action.label}
      <span className="unseen">
        {' '}
        {order.service} {order.environment}
      </span>
    </button>
  )
}
