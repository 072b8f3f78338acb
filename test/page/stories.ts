import { type ApiFixture, serveFixture } from './api-fixture.ts'
import { brokenView, finishedView, goodView, runningChange, runningView } from './fixtures/changes.ts'
import { doneDeployment, failedDeployment, rollingDeployment } from './fixtures/deployments.ts'
import { brokenChange, changePath, goodChange } from './fixtures/names.ts'
import { busyServices, calmServices, noServices } from './fixtures/services.ts'

const logPath = (run: string, attempt: string): string =>
  `/api/runs/${run}/steps/${encodeURIComponent(attempt)}/log`

/** The log of the step that runs. */
export const runningLog = logPath('payments-32', 'test/0/1')
export const brokenLog = logPath('payments-30', 'test/0/1')
export const finished = finishedView
export const runningPath = changePath(runningChange)
export const brokenPath = changePath(brokenChange)

const address = (id: string): string => `/deployments/${encodeURIComponent(id)}`
export const rollingPath = address(rollingDeployment.id)

/** Every state of every page that is worth looking at: its name, its address and, where it differs, what `/` shows. */
export const states: readonly {
  readonly name: string
  readonly path: string
  readonly services?: unknown
}[] = [
  { name: 'services on a calm day', path: '/' },
  { name: 'services on a bad day', path: '/', services: busyServices },
  { name: 'no services', path: '/', services: noServices },
  { name: 'a change on its way', path: changePath(goodChange) },
  { name: 'its waterfall', path: `${changePath(goodChange)}?view=waterfall` },
  { name: 'a change that failed', path: brokenPath },
  { name: 'a change that runs', path: runningPath },
  { name: 'a deployment on its way', path: rollingPath },
  { name: 'a deployment that ended', path: address('payments/production/9') },
  { name: 'a deployment that failed', path: address('payments/production/8') },
  { name: 'nothing', path: '/nothing/here' },
  { name: 'an unknown deployment', path: '/deployments/nobody' },
]

const fillers = Array.from(
  { length: 60 },
  (_, i) => `\u001b[32m✓\u001b[0m payment ${i + 1} is captured once\n`,
).join('')
const brokenText = `> payments test\n${fillers}\u001b[31m✗ refund › rounds half a penny to even\u001b[0m\nAssertionError: expected 1051 to be 1050\n    at refund.test.ts:41:18\n${fillers}`

/** Puts everything back as it was. */
export function resetStories(api: ApiFixture): void {
  api.views.clear()
  api.logs.clear()
  api.writes.length = 0
  api.asked.clear()
  api.hear(true)
  api.views.set('/api/services', calmServices)
  for (const view of [goodView, brokenView, runningView])
    api.views.set(`/api/services/payments/changes/${view.change.id}`, view)
  for (const view of [
    rollingDeployment,
    failedDeployment,
    { ...doneDeployment, id: 'payments/production/9' },
  ])
    api.views.set(`/api/deployments/${encodeURIComponent(view.id)}`, view)
  for (const [run, attempt] of [
    ['payments-31', 'install/0/1'],
    ['payments-31', 'lint/0/1'],
    ['payments-31', 'test/0/1'],
    ['payments-31', 'test/0/2'],
    ['payments-30', 'install/0/1'],
  ] as const)
    api.logs.set(logPath(run, attempt), { text: `> ${attempt}\n${fillers}`, open: false })
  api.logs.set(brokenLog, { text: brokenText, open: false })
  api.logs.set(runningLog, { text: '> payments test\n', open: true })
}

/** The fixture's server, with all of it. */
export async function serveStories(folder: string): Promise<ApiFixture> {
  const api = await serveFixture(folder)
  resetStories(api)
  return api
}
