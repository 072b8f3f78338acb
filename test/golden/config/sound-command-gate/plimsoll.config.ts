import { command, defineConfig, secret, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: {
      gates: [
        'tests',
        command(
          'contracts',
          sh('npx can-i-deploy --version "$COMMIT" --to "$ENVIRONMENT"', {
            timeout: '2m',
            env: { BROKER_TOKEN: secret('BROKER_TOKEN') },
          }),
          { expires: '30m' },
        ),
      ],
    },
  },
})
