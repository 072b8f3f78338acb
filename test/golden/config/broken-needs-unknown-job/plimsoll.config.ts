import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  pipeline: {
    install: { steps: [sh('npm ci')] },
    test: {
      needs: ['install', 'biuld'],
      steps: [sh('npm test')],
    },
    build: { steps: [sh('npm run build')] },
  },
})
