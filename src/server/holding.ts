import { randomBytes } from 'node:crypto'
import { dockerEngine, type Engine, socketFrom } from '../engine/index.ts'
import type { Json } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'

/** The name by which this folder's processes are known on the machine; the same for good. */
export async function cookieOf(store: Store): Promise<string> {
  const kept = await store.journal.note('cookie')
  if (typeof kept === 'string') return kept
  const cookie = randomBytes(12).toString('hex')
  await store.journal.setNote('cookie', cookie satisfies Json)
  return cookie
}

/** Asked for its socket only when there is something for it to do. */
export const thisEngine = (): Engine => dockerEngine(() => socketFrom(process.env))
