import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  pipeline: {
    install: { steps: [sh('npm ci')], cache: { key: [], paths: ['/var/cache/npm'] } },
    test: { steps: [sh('npm test')], reports: { junit: '../reports/*.xml' }, outputs: 'reports' },
  },
  release: { include: ['src/**', '../secrets'] },
})
