import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  pipeline: {
    test: {
      steps: [
        sh('npm ci'),
        sh('npm test', {
          name: 'unit tests',
          timout: '5m',
        }),
      ],
    },
  },
})
