import { createHash } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** How a connection that takes long ended for its client. */
export type Ended = {
  /** That began it. */
  readonly release: string
  readonly endedAt: number
  readonly status: number
  readonly body: string
  /** Of what was received, or sent. */
  readonly bytes: number
}

const sha256 = (bytes: Buffer, times = 1): string => {
  const hash = createHash('sha256')
  for (let i = 0; i < times; i++) hash.update(bytes)
  return hash.digest('hex')
}

/** A request on a connection of its own; its answer when it comes. */
function ask(port: number, path: string, method = 'GET'): [ClientRequest, Promise<IncomingMessage>] {
  const asked = request({ host: '127.0.0.1', port, path, method, agent: false })
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject)
  })
  return [asked, answer]
}

async function readAll(answer: IncomingMessage): Promise<Ended> {
  let body = ''
  for await (const part of answer.setEncoding('latin1')) body += part
  return endOf(answer, body, body.length)
}

const endOf = ({ headers, statusCode = 0 }: IncomingMessage, body: string, bytes: number): Ended => ({
  release: String(headers['x-release']),
  endedAt: Date.now(),
  status: statusCode,
  body,
  bytes,
})

export async function get(port: number, path: string): Promise<Ended> {
  const [asked, answer] = ask(port, path)
  asked.end()
  return readAll(await answer)
}

/** Sends so many parts with a pause before each. @returns how it ended, and the hash that the service should have found */
export async function upload(
  port: number,
  part: Buffer,
  parts: number,
  everyMs: number,
): Promise<Ended & { readonly hash: string }> {
  const [asked, answer] = ask(port, '/upload', 'POST')
  const closed = new Promise((resolve) => asked.once('close', resolve))
  const sending = (async () => {
    for (let i = 0; i < parts; i++) {
      await pause(everyMs)
      if (asked.destroyed) return
      if (!asked.write(part))
        await Promise.race([new Promise((resolve) => asked.once('drain', resolve)), closed])
    }
    asked.end()
  })()
  // A refusal may come before all is sent.
  const ended = await readAll(await answer)
  asked.destroy()
  await sending
  return { ...ended, hash: sha256(part, parts) }
}

/** Reads so many bytes a second, on a socket that holds little. */
export async function download(port: number, bytes: number, perSecond: number): Promise<Ended> {
  const [asked, answer] = ask(port, `/download?bytes=${bytes}`)
  asked.end()
  const coming = await answer
  const begun = Date.now()
  let read = 0
  for await (const part of coming) {
    read += (part as Buffer).length
    await pause(Math.max(0, begun + (read * 1_000) / perSecond - Date.now()))
  }
  return endOf(coming, '', read)
}

/** A WebSocket that says something every while. */
export function webSocket(port: number, everyMs: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`)
  const heard: string[] = []
  const timer = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('?'), everyMs)
  socket.addEventListener('message', ({ data }) => heard.push(String(data)))
  const closed = new Promise<{ code: number; wasClean: boolean; at: number }>((resolve) => {
    socket.addEventListener('close', ({ code, wasClean }) => {
      clearInterval(timer)
      resolve({ code, wasClean, at: Date.now() })
    })
  })
  return { heard, closed, close: () => socket.close() }
}
