// node scripts/run.js FILE ARGS...: installs the packages when they are not there, then runs FILE on the Node that
// the packages bring. It runs on whatever Node the machine has, so it stays plain JavaScript without packages.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const binaries = `${root}node_modules/.bin`
const node = `${root}node_modules/node/bin/node`

const packagesIn = (file) => JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages

/** Every package in the version that the lock file names. */
function isInstalled() {
  if (!existsSync(`${root}node_modules/.package-lock.json`) || !existsSync(node)) return false
  const wanted = packagesIn('package-lock.json')
  const there = packagesIn('node_modules/.package-lock.json')
  const missing = Object.entries(wanted).some(
    ([name, entry]) => name !== '' && !entry.optional && !there[name],
  )
  return !missing && Object.entries(there).every(([name, entry]) => wanted[name]?.version === entry.version)
}

function install() {
  process.stderr.write('Installing the packages that package-lock.json names (once) ...\n')
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

if (!isInstalled()) install()
const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` }
// The terminal sends Ctrl-C to the whole group; what comes to this process alone is passed on. Heard before the child
// begins, so that nothing ends this process alone.
let child
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child?.kill(signal))
child = spawn(node, process.argv.slice(2), { stdio: 'inherit', env })
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
