import { request } from 'node:http'
import { defineConfig } from 'plimsoll'

request('http://127.0.0.1:1876/api/services').end()

export default defineConfig({ service: 'payments' })
