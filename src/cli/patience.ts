import { realClock } from '../host/index.ts'
import { PlimsollError } from '../kernel/index.ts'
import type { Client } from './client.ts'

const isAway = (error: unknown): boolean =>
  error instanceof PlimsollError && error.code === 'PLM_SERVER_UNREACHABLE'

type Patience = {
  /** Told each time that it was asked in vain. */
  readonly onAway?: () => void
  /** Nobody wants to know any more. */
  readonly signal?: AbortSignal
}

/**
 * A server that is started again meanwhile is asked again, for things that asked twice are one.
 * @throws PLM_SERVER_UNREACHABLE when it has not come back for so long
 */
export async function askPatiently<T>(
  ask: () => Promise<T>,
  patienceMs = 15_000,
  { onAway = () => {}, signal }: Patience = {},
): Promise<T> {
  const end = realClock.now() + patienceMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error) || realClock.now() > end || signal?.aborted) throw error
      onAway()
      await realClock.until(realClock.now() + 500, signal)
    }
  }
}

/** A server may only just be being started when it is first asked: but what never answered may not be there at all. */
const firstMs = 30_000
/** One that is being upgraded, or started again on another machine. */
const awayMs = 5 * 60_000

/** The same client, for what is followed for long: it outlives a server that is away for a while. */
export function patientClient(client: Client, patience: Patience): Pick<Client, 'folder' | 'get'> {
  let patienceMs = firstMs
  return {
    folder: client.folder,
    async get(path, shape) {
      const answer = await askPatiently(() => client.get(path, shape), patienceMs, patience)
      patienceMs = awayMs
      return answer
    },
  }
}
