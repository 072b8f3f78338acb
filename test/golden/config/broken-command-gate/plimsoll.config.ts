import { command, defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: {
      gates: [
        'tests',
        command('contracts', sh('./ask.sh', { timeout: '2h' })),
        command('contracts', sh('./ask.sh', { retries: 3 })),
        command('has a space', sh('')),
      ],
    },
  },
})
