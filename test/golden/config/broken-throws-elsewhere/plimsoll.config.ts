import { defineConfig, sh } from 'plimsoll'
import { jobs } from './ci/jobs.ts'

export default defineConfig({ service: 'payments', pipeline: jobs(sh) })
