import { existsSync } from 'node:fs'
import { PlimsollError } from '../kernel/index.ts'
import { type Home, homeFrom, readToken } from '../server/home.ts'
import { lastResident } from '../server/processes/pid-file.ts'
import { type Client, type ClientOptions, createClient } from './client.ts'
import type { Input, Io, Options } from './command.ts'

export const defaultServer = 'http://127.0.0.1:1876'

/** Options of every command that speaks to a server. */
export const serverOptions: Options = {
  server: {
    type: 'string',
    value: 'URL',
    description: 'the server (PLIMSOLL_SERVER; default: the one of this home, on this machine)',
  },
  home: {
    type: 'string',
    value: 'FOLDER',
    description: 'of a server on this machine: its address and token are there (PLIMSOLL_HOME)',
  },
  json: { type: 'boolean', description: 'one JSON document instead of text' },
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** An address as it was given. @throws PLM_USAGE */
function addressIn(given: string, from: string): string {
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given
  const meant = `http://${given}`
  const problem = { text: `${from} is '${given}', expected an address that begins with http:// or https://` }
  throw new PlimsollError('PLM_USAGE', [
    given.includes('://') || !URL.canParse(meant) ? problem : { ...problem, didYouMean: meant },
  ])
}

/** Where the server of a home listens, or listened last: one that is just being started again is not taken for another. */
async function addressAt(home: Home): Promise<string> {
  const { port, host = '127.0.0.1' } = (await lastResident(home.server)) ?? {}
  if (port === undefined) {
    // A Plimsoll was here: whatever listens at the usual port is another one.
    if (existsSync(home.token))
      throw new PlimsollError('PLM_SERVER_UNREACHABLE', `no server runs in ${home.folder}`)
    return defaultServer
  }
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
  const shown = everywhere[host] ?? host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

async function addressFor(option: string | undefined, home: Home, { env }: Io): Promise<string> {
  if (option !== undefined) return addressIn(option, '--server')
  return env.PLIMSOLL_SERVER ? addressIn(env.PLIMSOLL_SERVER, 'PLIMSOLL_SERVER') : addressAt(home)
}

/** The server that a command speaks to: by option, by environment, or the one of its home on this machine. */
export async function serverFor({ values }: Input, io: Io): Promise<ClientOptions> {
  const home = homeFrom(text(values.home), io.env)
  const token = io.env.PLIMSOLL_TOKEN ?? (await readToken(home))
  return { server: await addressFor(text(values.server), home, io), token, folder: io.cwd }
}

export const connect = async (input: Input, io: Io): Promise<Client> =>
  createClient(await serverFor(input, io))
