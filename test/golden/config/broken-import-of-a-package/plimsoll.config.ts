import { defineConfig, sh } from 'plimsoll'
import { merge } from 'lodash'

export default defineConfig(merge({ service: 'payments' }, { pipeline: { test: { steps: [sh('npm test')] } } }))
