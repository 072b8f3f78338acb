import { defineConfig, secret, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  containers: {
    app: { memory: '512MiB', cpus: 0.5 },
    proxy: { image: 'nginx:1.27', port: 8080, health: '/healthcheck', capabilities: ['CHOWN'] },
    metrics: { image: 'statsd:1', essential: false, env: { TOKEN: secret('STATSD_TOKEN') } },
  },
  pipeline: { test: { container: { dockerfile: 'ci/Dockerfile', stage: 'test' }, steps: [sh('make test')] } },
  predict: { sizes: 'fargate' },
  environments: {
    production: { target: 'docker', instances: 3, limits: { app: { cpus: 1 } } },
    large: {
      inStepWith: 'production',
      limits: { app: { cpus: 2, memory: '1GiB' } },
      differs: { limits: 'a larger size is measured' },
      scalesBySize: 'it waits for nothing but its CPU',
    },
  },
})
