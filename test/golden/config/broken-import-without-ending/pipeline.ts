import { sh } from 'plimsoll'

export const pipeline = { test: { steps: [sh('npm test')] } }
