import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  containers: {
    web: { dockerfile: '../Dockerfile', port: 8080, memory: '256' },
    proxy: { image: 'nginx:1.27', dockerfile: 'proxy/Dockerfile', port: 80, cpu: 1 },
  },
  pipeline: { test: { container: {}, steps: [sh('make test')] } },
  environments: {
    production: { target: 'dokcer' },
    staging: { target: 'docker', limits: { wbe: { cpus: 1 }, web: {}, proxy: { memory: '1TB' } } },
    perf: { inStepWith: 'staging', limits: { web: { cpus: 2 } } },
  },
})
