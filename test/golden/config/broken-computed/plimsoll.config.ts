import { defineConfig, sh } from 'plimsoll'

const job = (command: string) => ({ steps: [sh(command)], retries: 2 })

const shared = {
  start: { command: 'node server.js', helth: '/healthcheck' },
}

const names = ['unit', 'integration']

export default defineConfig({
  ...shared,
  service: 'payments',
  pipeline: Object.fromEntries(names.map((name) => [name, job(`npm run test:${name}`)])),
  environments: { production: { instances: Infinity } },
})
