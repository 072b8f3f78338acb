import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  try: {
    instances: 0,
    dependencies: { up: sh('./up') },
    for: '2d',
    longest: '4 hours',
    atmost: 3,
  },
  environments: { 'try-1': {} },
})
