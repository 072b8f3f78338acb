/** Changes to the service in `test/fixtures/hello`, as a developer would make them. */

/** Production deploys in another way: `canary({ … })`, say. */
export const deployedBy =
  (strategy: string) =>
  (config: string): string =>
    config
      .replace('defineConfig, rolling', 'canary, defineConfig')
      .replace(/deploy: (rolling|canary)\(.*\) \},/, `deploy: ${strategy} },`)

const handler = 'const server = createServer((request, response) => {\n'

/** Each instance answers one request in so many with 500; not its health check. */
export const failingOnceIn =
  (every: number) =>
  (code: string): string =>
    code.replace(
      handler,
      `let n = 0\n${handler}  if (++n % ${every} === 0 && request.url !== '/health') response.statusCode = 500\n`,
    )

/** As it was before `failingOnceIn`. */
export const failingNoMore = (code: string): string =>
  code.replace('let n = 0\n', '').replace(/ {2}if \(\+\+n.*\n/, '')

const metrics = [
  "'# TYPE payments_total counter\\n'",
  `'payments_total{outcome="declined"} ' + declined + '\\n'`,
  `'payments_total{outcome="paid"} ' + (payments - declined) + '\\n'`,
].join(' + ')

/** Each request is a payment, of which some are declined, with status 200; counted where Prometheus would ask. */
export const paying = (code: string): string =>
  code.replace(
    handler,
    `let [payments, declined] = [0, 0]\n${handler}  if (request.url === '/metrics') return response.end(${metrics})\n  if (request.url === '/' && ++payments % 50 === 0) declined++\n`,
  )

/** Declines one payment in so many. */
export const decliningOnceIn =
  (every: number) =>
  (code: string): string =>
    code.replace(/\+\+payments % \d+ === 0/, `++payments % ${every} === 0`)

/** What the configuration says of it. */
export const countedPayments = (config: string): string =>
  config
    .replace('canary, defineConfig', 'canary, counter, defineConfig')
    .replace("health: '/health'", "health: '/health', metrics: '/metrics'")

/** Among the options of a canary. */
export const byDeclines =
  "counters: [counter('declined payments', { of: 'payments_total{outcome=\"declined\"}', among: 'payments_total', atLeast: 50 })]"
