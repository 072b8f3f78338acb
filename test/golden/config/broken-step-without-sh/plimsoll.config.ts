import { defineConfig } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  pipeline: {
    test: {
      steps: ['npm test'],
    },
  },
})
