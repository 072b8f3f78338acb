import { homeFrom, readToken } from '../server/home.ts'
import { type Client, type ClientOptions, createClient } from './client.ts'
import type { Input, Io, Options } from './command.ts'

export const defaultServer = 'http://127.0.0.1:1876'

/** Options of every command that speaks to a server. */
export const serverOptions: Options = {
  server: {
    type: 'string',
    value: 'URL',
    description: `the server (PLIMSOLL_SERVER; default ${defaultServer})`,
  },
  home: {
    type: 'string',
    value: 'FOLDER',
    description: 'where to find the token of a server on this machine (PLIMSOLL_HOME)',
  },
  json: { type: 'boolean', description: 'one JSON document instead of text' },
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The server that a command speaks to: by option, by environment, or the one on this machine. */
export async function serverFor({ values }: Input, io: Io): Promise<ClientOptions> {
  const server = text(values.server) ?? io.env.PLIMSOLL_SERVER ?? defaultServer
  const token = io.env.PLIMSOLL_TOKEN ?? (await readToken(homeFrom(text(values.home), io.env)))
  return { server, token }
}

export const connect = async (input: Input, io: Io): Promise<Client> =>
  createClient(await serverFor(input, io))
