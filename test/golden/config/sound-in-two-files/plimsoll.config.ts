import { defineConfig } from 'plimsoll'
import settings from './deploy/settings.json' with { type: 'json' }
import { pipeline } from './ci/pipeline.ts'

console.log('printing does no harm', process.env.HOME)

export default defineConfig({
  service: 'ledger',
  branch: 'trunk',
  start: { command: 'java -jar ledger.jar' },
  pipeline,
  environments: settings,
})
