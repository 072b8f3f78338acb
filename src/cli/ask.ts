import { createInterface } from 'node:readline/promises'
import { PlimsollError } from '../kernel/index.ts'
import type { Io } from './command.ts'

/**
 * Asks once, on a terminal; `y` or `yes` is yes.
 * @throws PLM_USAGE when there is nobody to ask: scripts say --yes
 */
export async function ask(question: string, io: Io): Promise<boolean> {
  if (!io.stderr.isTTY || !process.stdin.isTTY)
    throw new PlimsollError('PLM_USAGE', `${question} Say --yes when there is nobody to ask`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await lines.question(`${question} [y/N] `, io.signal ? { signal: io.signal } : {})
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
