import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { readRepositoryFile } from './repositoryFiles.ts'
import type { FromSandbox, Heard, ToSandbox } from './sandboxProtocol.ts'

const largestMessage = 2_000_000
const largestPrint = 16_000

/** Answers the sandbox's questions until it has ended, and gives back what it said. */
export async function hear(child: ChildProcess, folder: string): Promise<Heard> {
  const heard: Heard = { tooMuch: false, printed: '', errors: '', exit: null, signal: null }
  // All four are pipes: that is how evaluate.ts starts it.
  const [input, output, errors, talk] = child.stdio as unknown as [Writable, Readable, Readable, Readable]
  input.on('error', () => {}) // it may end without listening
  output.setEncoding('utf8').on('data', (text: string) => {
    heard.printed = (heard.printed + text).slice(0, largestPrint)
  })
  errors.setEncoding('utf8').on('data', (text: string) => {
    heard.errors = (heard.errors + text).slice(-largestPrint)
  })
  const ended = waitForEnd(child)
  heard.tooMuch = !(await converse(talk, input, folder, heard))
  if (heard.tooMuch) child.kill('SIGKILL')
  ;[heard.exit, heard.signal] = await ended
  return heard
}

const waitForEnd = (child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve([code, signal]))
  })

/** @returns false when it said too much to listen any longer */
async function converse(talk: Readable, input: Writable, folder: string, heard: Heard): Promise<boolean> {
  let rest = ''
  for await (const text of talk.setEncoding('utf8')) {
    rest += text
    if (rest.length > largestMessage) return false
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) await answer(JSON.parse(line) as FromSandbox, input, folder, heard)
  }
  return true
}

async function answer(message: FromSandbox, input: Writable, folder: string, heard: Heard): Promise<void> {
  if (message.is === 'refused') heard.refused ??= message
  else if (message.is !== 'read') heard.result = message
  else {
    const source = await readRepositoryFile(folder, message.path)
    if (source === undefined) heard.refused ??= message
    const reply: ToSandbox = source === undefined ? { is: 'none' } : { is: 'source', source }
    input.write(`${JSON.stringify(reply)}\n`)
  }
}
