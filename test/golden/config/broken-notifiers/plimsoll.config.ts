import { alertmanager, defineConfig, email, heartbeat, pagerDuty, secret, sh, slack } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  notify: [
    slack({ url: 'hooks.slack.com/services/T0/B0/XX' }),
    // @ts-expect-error: the key is a secret, and gates are nothing that PagerDuty could be told of
    pagerDuty({ key: 'k'.repeat(32), on: ['alert.page', 'gate.waived'] }),
    email({ server: 'smtp://ada:hunter2@mail.example.org', from: 'payments', to: [] }),
    email({
      name: 'open',
      server: 'smtp://mail.example.org',
      plain: true,
      signIn: { user: 'ada', password: secret('MAIL_PASSWORD') },
      from: 'a@example.org',
      to: ['b@example.org'],
    }),
    // @ts-expect-error: it is called authorization
    alertmanager({ url: 'http://alertmanager.example.org:9093', token: secret('TOKEN') }),
    heartbeat({ url: secret('HEARTBEAT_URL') }),
    // @ts-expect-error: there is no such kind
    { kind: 'pager', name: 'pager' },
  ],
  alerts: {
    links: 'plimsoll.example.org',
    routes: [{ match: 'severity="page"', to: ['pagerduty', 'heartbeat'] }],
  },
  environments: { production: {} },
})
