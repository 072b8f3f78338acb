import { defineConfig } from 'plimsoll'
import { pipeline } from './pipeline'

export default defineConfig({ service: 'payments', pipeline })
