import type { FuturePlace } from './state.ts'

/**
 * What a future is called where alerts have the name of what is promised: `headroom`, `disk /var`, `budget availability`.
 * What is called as its kind is, is said once.
 */
export const futureLabel = ({ kind, name }: Pick<FuturePlace, 'kind' | 'name'>): string =>
  name === '' || name === kind ? kind : `${kind} ${name}`
