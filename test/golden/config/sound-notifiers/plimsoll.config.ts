import {
  alertmanager,
  defineConfig,
  email,
  heartbeat,
  pagerDuty,
  secret,
  sh,
  slack,
  slo,
  webhook,
} from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.availability({ objective: 0.999 })],
  notify: [
    webhook({ url: secret('HOOK_URL'), key: secret('HOOK_KEY') }),
    slack({ url: secret('SLACK_URL') }),
    pagerDuty({ key: secret('PAGERDUTY_KEY'), url: 'https://events.eu.pagerduty.com' }),
    email({
      server: 'smtps://mail.example.org',
      signIn: { user: 'plimsoll', password: secret('MAIL_PASSWORD') },
      from: 'Plimsoll <plimsoll@example.org>',
      to: ['payments-team@example.org'],
    }),
    alertmanager({ url: 'http://alertmanager.example.org:9093', authorization: secret('ALERTMANAGER') }),
    heartbeat({ url: secret('HEARTBEAT_URL') }),
  ],
  alerts: {
    links: 'https://plimsoll.example.org',
    routes: [
      { match: 'severity="page"', to: ['pagerDuty', 'slack'] },
      { match: 'severity="ticket"', to: ['email'] },
    ],
  },
  environments: { production: {} },
})
