import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { runsView, servicesView } from '../contract/index.ts'
import { PlimsollError } from '../kernel/index.ts'
import { type Asked, onlyService, serviceOf } from './place.ts'

export type NamedChange = { readonly service: string; readonly id: string }

/** The commit that a word means in the repository of a folder; undefined when there is none. */
const commitIn = (folder: string, word: string): Promise<string | undefined> =>
  promisify(execFile)('git', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${word}^{commit}`], {
    cwd: folder,
  }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )

/** The first digits of a commit are enough; with fewer than four it may be any. */
const digits = /^[0-9a-f]{4,64}$/

async function idOf(folder: string, word: string): Promise<string> {
  const found = (await commitIn(folder, word)) ?? (digits.test(word) ? word : undefined)
  if (found !== undefined) return found
  throw new PlimsollError('PLM_USAGE', `${word} is no commit of this repository, nor the first digits of one`)
}

async function latestOf(client: Asked, service: string): Promise<string> {
  const { runs } = await client.get(`/api/services/${encodeURIComponent(service)}/runs`, runsView)
  const [run] = runs
  if (!run) throw new PlimsollError('PLM_NOT_FOUND', `${service} has no run yet: a push starts one`)
  return run.change.id
}

const isService = async (client: Asked, word: string): Promise<boolean> =>
  (await client.get('/api/services', servicesView)).services.some(({ name }) => name === word)

/**
 * Service and change as they were typed, each of which may be left out: the service of this folder, or the only one, and what
 * this folder has checked out. A service that is only just being pushed for the first time need not be known yet.
 */
export async function changeNamed(client: Asked, words: readonly string[]): Promise<NamedChange> {
  const { folder } = client
  const [first, second] = words
  if (first !== undefined && second !== undefined) return { service: first, id: await idOf(folder, second) }
  if (first !== undefined && (await isService(client, first))) {
    const isHere = (await serviceOf(folder)) === first
    const head = isHere ? await commitIn(folder, 'HEAD') : undefined
    return { service: first, id: head ?? (await latestOf(client, first)) }
  }
  const here = await serviceOf(folder)
  const service = here ?? (await onlyService(client, undefined))
  if (first !== undefined) return { service, id: await idOf(folder, first) }
  const head = here === undefined ? undefined : await commitIn(folder, 'HEAD')
  return { service, id: head ?? (await latestOf(client, service)) }
}
