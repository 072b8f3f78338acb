import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startLoad } from '../test/support/load-client.ts'
import { setStage, usualPorts } from '../test/support/stage.ts'
import { chapters } from './chapters.ts'

const { values } = parseArgs({ options: { exit: { type: 'boolean' } } })
const root = fileURLToPath(new URL('..', import.meta.url))

/** The page is built once; everything else runs from its source. */
function buildPage(): void {
  if (existsSync(`${root}dist/web/index.html`)) return
  console.log('Building the page (once) ...')
  const built = spawnSync('vite', ['build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0) throw new Error('the page could not be built')
}

const stopAsked = new Promise<void>((resolve) => {
  process.once('SIGINT', resolve)
  process.once('SIGTERM', resolve)
})

buildPage()
const stage = await setStage(`${root}examples/payments`, 'payments', usualPorts)
console.log(`Watch on the page:  ${stage.server}\n`)
let failed: unknown
try {
  const load = () =>
    startLoad({
      host: '127.0.0.1',
      port: stage.production,
      ratePerSecond: 100,
      newConnectionShare: 0.2,
      mix: nextRequest,
    })
  await chapters(stage, load)
} catch (error) {
  failed = error
  console.error(`\n✗ the demo did not go as it should: ${error instanceof Error ? error.message : error}`)
}
if (!values.exit && !failed) {
  console.log(`\nPlimsoll goes on at ${stage.server} until you stop it with Ctrl-C.`)
  await stopAsked
}
await stage.close()
process.exit(failed ? 1 : 0)

/** What customers of the example do: mostly pay, now and then look. */
function nextRequest() {
  if (Math.random() < 0.3) return { method: 'GET', path: '/payments?limit=5' }
  const body = JSON.stringify({
    amount: 100 + Math.floor(Math.random() * 10_000),
    currency: 'GBP',
    card: { number: '4242424242424242', expiry: '12/30', cvc: '123' },
    reference: `demo-${Math.floor(Math.random() * 1e9)}`,
    description: 'A payment of the demo',
  })
  return { method: 'POST', path: '/payments', headers: { 'content-type': 'application/json' }, body }
}
