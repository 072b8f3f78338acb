import { randomUUID } from 'node:crypto'
import { pushTrial } from '../changes/index.ts'
import { PlimsollError } from '../kernel/index.ts'
import type { Input, Io } from './command.ts'
import { serverFor } from './connect.ts'

/**
 * Pushes a commit to where a try, or a load test, finds it: no branch of the server's moves.
 * @returns the name of the wish; its ref is `refs/tries/NAME`
 */
export async function pushForServer(
  folder: string,
  input: Input,
  io: Io,
  service: string,
  commit: string,
): Promise<string> {
  const { server, token } = await serverFor(input, io)
  if (token === undefined) throw new PlimsollError('PLM_TOKEN_MISSING')
  const name = randomUUID()
  const url = new URL(`/git/${encodeURIComponent(service)}.git`, server).href
  await pushTrial({ folder, url, token, commit, ref: `refs/tries/${name}` }).catch((error: Error) => {
    throw new PlimsollError('PLM_SERVER_UNREACHABLE', `git could not push to ${url}: ${error.message}`, {
      cause: error,
    })
  })
  return name
}
