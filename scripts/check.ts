import { spawnSync } from 'node:child_process'
import { formatDuration } from '../src/kernel/index.ts'

/** Everything that must hold of the source, cheapest first; all are run, so that all problems are seen at once. */
const checks: readonly (readonly [string, readonly string[]])[] = [
  ['format and lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['types', ['tsc', '--noEmit']],
  ['layers', ['node', 'scripts/check-layers.ts']],
  ['docs', ['node', 'scripts/check-docs.ts']],
  ['dead code', ['knip', '--no-progress']],
]

function runCheck([name, [command = '', ...args]]: (typeof checks)[number]): boolean {
  const began = performance.now()
  const done = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const took = formatDuration(performance.now() - began)
  console.log(`${done.status === 0 ? '✓' : '✗'} ${name} (${took})`)
  return done.status === 0
}

const failed = checks.filter((check) => !runCheck(check))
process.exit(failed.length > 0 ? 1 : 0)
