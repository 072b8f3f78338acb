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
