import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/ports.ts'

/** Debian's node_exporter, on a port of its own. */
export async function startNodeExporter(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn('/usr/bin/prometheus-node-exporter', [`--web.listen-address=${address}`], {
    stdio: 'ignore',
  })
  const url = `http://${address}`
  for (let i = 0; i < 100; i++) {
    if ((await fetch(url).catch(() => undefined))?.ok) return { child, url }
    await sleep(50)
  }
  child.kill('SIGTERM')
  throw new Error('node_exporter did not start')
}
