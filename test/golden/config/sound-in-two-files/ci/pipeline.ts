import { join } from 'node:path'
import { sh } from 'plimsoll'

export const pipeline = {
  build: { steps: [sh('mvn --batch-mode package')], outputs: [join('target', 'ledger.jar')] },
  test: { needs: ['build'], steps: [sh('mvn --batch-mode verify')] },
}
