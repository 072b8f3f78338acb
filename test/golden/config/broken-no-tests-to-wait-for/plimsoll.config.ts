import { defineConfig } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  environments: {
    production: { instances: 3 },
  },
})
