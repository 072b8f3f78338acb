import { defineConfig, secret, sh, webhook } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  notify: [
    webhook({ name: 'chat', url: secret('CHAT_URL'), key: secret('CHAT_KEY'), on: ['deployment.held'] }),
    webhook({ name: 'audit', url: 'https://audit.example/plimsoll', key: secret('AUDIT_KEY') }),
  ],
  environments: { production: {} },
})
