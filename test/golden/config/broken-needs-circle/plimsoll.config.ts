import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  pipeline: {
    install: { needs: ['package'], steps: [sh('npm ci')] },
    test: { needs: ['install'], steps: [sh('npm test')] },
    package: { needs: ['test'], steps: [sh('npm pack')] },
    lint: { needs: ['lint'], steps: [sh('npm run lint')] },
  },
})
