import { fileURLToPath } from 'node:url'

/**
 * What was compiled once is kept for all tests, as `bin/plimsoll.cjs` keeps it for its user: a command, a server and a
 * gateway begin in a third of the time. For the environment of every process of ours that a test starts.
 */
export const compiled = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/plimsoll/compiled', import.meta.url)),
} as const
