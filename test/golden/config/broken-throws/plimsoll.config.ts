import { defineConfig, sh } from 'plimsoll'

const readVersion = (name: string): string => {
  throw new Error(`no version for ${name}`)
}

export default defineConfig({
  service: 'payments',
  pipeline: { test: { steps: [sh(`npm test --version=${readVersion('payments')}`)] } },
})
