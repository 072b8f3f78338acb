import { defineConfig, secret, sh, webhook } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  notify: [
    webhook({ url: 'chat.example', key: secret('CHAT_KEY'), on: ['deployment.pased'] }),
    // @ts-expect-error: what it is signed with is a secret
    webhook({ url: 'https://audit.example', key: 'in clear text', on: [] }),
  ],
  environments: { production: {} },
})
