import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/ports.ts'

/** The generator has one core, nginx the other. */
export const [generatorCore, serverCore] = ['0', '1']

export interface Nginx {
  readonly url: string
  /** Requests that it has answered so far, this question included. */
  count(): Promise<number>
  stop(): Promise<void>
}

const configOf = (folder: string, port: number, connections: number): string => `
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections ${connections}; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = / { default_type text/plain; return 200 "Plimsoll measures itself and its peers against this reply.\\n"; }
    location = /count { stub_status; }
  }
}
`

/**
 * One nginx with one worker and a static reply, on a core of its own.
 * @param connections that may be open at the same time
 */
export async function startNginx(folder: string, connections = 4_096): Promise<Nginx> {
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(config, configOf(folder, port, connections))
  const child = spawn('taskset', ['-c', serverCore, 'nginx', '-c', config, '-p', folder], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/`
  const count = async (): Promise<number> => {
    const text = await (await fetch(`${url}count`)).text()
    return Number(/\n\s*\d+ \d+ (\d+)/.exec(text)?.[1])
  }
  for (let i = 0; i < 100; i++) {
    if (await count().catch(() => undefined)) break
    await sleep(50)
  }
  return {
    url,
    count,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGQUIT')
      }),
  }
}
