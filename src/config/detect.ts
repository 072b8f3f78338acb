import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import type { Json } from '../kernel/index.ts'
import { valueAt } from './keyPath.ts'
import { readRepositoryFile } from './repositoryFiles.ts'

/** How a language builds, tests and starts. Commands; undefined where nothing was found. */
type Toolchain = {
  readonly install?: string
  /** What the install is good for as long as it does not change. */
  readonly lockFile?: string
  readonly build?: string
  readonly lint?: string
  readonly test?: string
  /** Where the tests leave their JUnit report. */
  readonly junit?: string
  readonly start?: string
  /** Folders that the install fills. */
  readonly caches?: readonly string[]
}

/** What a look at a repository tells; `plimsoll init` writes it down. */
export type Detected = Toolchain & {
  readonly service: string
  /** The branch that the repository seems to release from. */
  readonly branch: string
  readonly health?: string
  readonly portVariable: string
}

type Read = (path: string) => Promise<string | undefined>

function parseJson(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json)
  } catch {
    return undefined
  }
}

const serviceName = (folder: string): string => {
  const name = basename(folder)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
  return name.slice(0, 40) || 'service'
}

const nodeInstalls = [
  { lockFile: 'package-lock.json', install: 'npm ci', run: 'npm' },
  { lockFile: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile', run: 'pnpm' },
  { lockFile: 'yarn.lock', install: 'yarn install --frozen-lockfile', run: 'yarn' },
] as const

const scriptOf = (manifest: Json, name: string): string | undefined => {
  const script = valueAt(manifest, ['scripts', name])
  return typeof script === 'string' && !script.includes('no test specified') ? script : undefined
}

const dependencyKeys = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** Whether installing leaves anything: of a package that depends on nothing npm makes no node_modules. */
const dependsOnAnything = (manifest: Json): boolean =>
  valueAt(manifest, ['workspaces']) !== undefined ||
  dependencyKeys.some((key) => Object.keys(valueAt(manifest, [key]) ?? {}).length > 0)

/** Without a lock file what is installed is not said exactly, and where nothing is, there is nothing to keep. */
function nodeInstall(manifest: Json, found: (typeof nodeInstalls)[number] | undefined): Toolchain {
  if (found) return { install: found.install, lockFile: found.lockFile, caches: ['node_modules'] }
  return dependsOnAnything(manifest) ? { install: 'npm install', caches: ['node_modules'] } : {}
}

async function detectNode(read: Read): Promise<Toolchain | undefined> {
  const manifest = parseJson(await read('package.json'))
  if (manifest === undefined) return undefined
  const locks = await Promise.all(
    nodeInstalls.map(async (kind) => ((await read(kind.lockFile)) ? kind : undefined)),
  )
  const found = locks.find((kind) => kind !== undefined)
  const run = found?.run ?? 'npm'
  const command = (name: string) => (scriptOf(manifest, name) ? { [name]: `${run} run ${name}` } : {})
  const main = valueAt(manifest, ['main'])
  const start = scriptOf(manifest, 'start') ?? (typeof main === 'string' ? `node ${main}` : undefined)
  return {
    ...nodeInstall(manifest, found),
    ...command('build'),
    ...command('lint'),
    ...(scriptOf(manifest, 'test') ? { test: `${run} test` } : {}),
    // The script itself, not `npm start`: signals then reach the service and not npm.
    ...(start ? { start } : {}),
  }
}

const pytest = { test: 'python3 -m pytest --junitxml=reports/pytest.xml', junit: 'reports/pytest.xml' }

/** Languages that one file gives away, with what is usual there. The first one found counts. */
const others: readonly (readonly [string, Toolchain])[] = [
  ['go.mod', { build: 'go build -o service .', test: 'go test ./...', start: './service' }],
  [
    'pom.xml',
    {
      build: 'mvn --batch-mode package -DskipTests',
      test: 'mvn --batch-mode test',
      junit: 'target/surefire-reports/*.xml',
    },
  ],
  [
    'build.gradle',
    { build: './gradlew assemble', test: './gradlew test', junit: 'build/test-results/test/*.xml' },
  ],
  ['pyproject.toml', pytest],
  ['requirements.txt', pytest],
]

async function detectOther(read: Read): Promise<Toolchain | undefined> {
  for (const [file, toolchain] of others) if ((await read(file)) !== undefined) return toolchain
  return undefined
}

/** Targets of a Makefile that are named like our jobs. */
async function detectMake(read: Read): Promise<Toolchain | undefined> {
  const makefile = await read('Makefile')
  if (makefile === undefined) return undefined
  const targets = ['build', 'lint', 'test'].filter((name) => new RegExp(`^${name}:`, 'm').test(makefile))
  return Object.fromEntries(targets.map((name) => [name, `make ${name}`]))
}

const healthPath = /["'`/](\/?(?:healthcheck|healthz|health|_health|readyz|ready))["'`?\s]/

/** The command of a Dockerfile, when nothing else says how the service starts. */
function readDockerCommand(dockerfile: string): string | undefined {
  const last = [...dockerfile.matchAll(/^(?:CMD|ENTRYPOINT)\s+(.+)$/gm)].at(-1)?.[1]
  const list = parseJson(last)
  return Array.isArray(list) ? list.join(' ') : last
}

const sourceEndings = new Set(['.js', '.mjs', '.cjs', '.ts', '.py', '.go', '.java', '.rb', '.yml', '.yaml'])
const skipped = new Set(['node_modules', 'dist', 'build', 'target', 'vendor', 'test', 'tests', 'coverage'])

/** Paths of source files, nearest first; a look, not a search: it stops after 300. */
async function listSources(folder: string): Promise<readonly string[]> {
  const files: string[] = []
  const folders = ['']
  for (let under = folders.shift(); under !== undefined && files.length < 300; under = folders.shift()) {
    const entries = await readdir(join(folder, under), { withFileTypes: true })
    for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
      const path = join(under, entry.name)
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) folders.push(path)
      if (entry.isFile() && sourceEndings.has(extname(entry.name))) files.push(path)
    }
  }
  return files
}

type Hints = { readonly health?: string; readonly portVariable: string; readonly start?: string }

const portVariable = /(?:process\.env\.|environ(?:\.get)?[[(]["']|Getenv\("|\$\{)([A-Z_]*PORT)\b/

/** What Dockerfile and source say of the health path and of the variable that carries the port. */
async function detectHints(folder: string, read: Read): Promise<Hints> {
  const dockerfile = (await read('Dockerfile')) ?? ''
  const check = /HEALTHCHECK(?:\\\n|[^\n])*/.exec(dockerfile)?.[0] ?? ''
  let health = /https?:\/\/[^/\s"']+(\/[\w/.-]+)/.exec(check)?.[1]
  let port: string | undefined
  for (const path of await listSources(folder)) {
    const text = (await read(path)) ?? ''
    health ??= healthPath.exec(text)?.[1]
    port ??= portVariable.exec(text)?.[1]
  }
  const start = readDockerCommand(dockerfile)
  return {
    ...(health === undefined ? {} : { health: health.startsWith('/') ? health : `/${health}` }),
    ...(start === undefined ? {} : { start }),
    portVariable: port ?? 'PORT',
  }
}

/** The branch checked out now, when it has the name of a main branch. */
async function detectBranch(folder: string): Promise<string> {
  const head = await readFile(join(folder, '.git', 'HEAD'), 'utf8').catch(() => '')
  return /^ref: refs\/heads\/(main|master|trunk)$/m.exec(head)?.[1] ?? 'main'
}

/** Looks at a repository: its manifest, lock file, Makefile, Dockerfile and source. Reads, runs nothing. */
export async function detectService(folder: string): Promise<Detected> {
  const read: Read = (path) => readRepositoryFile(folder, path)
  const [node, other, make, hints, branch] = await Promise.all([
    detectNode(read),
    detectOther(read),
    detectMake(read),
    detectHints(folder, read),
    detectBranch(folder),
  ])
  const service = serviceName(resolve(folder))
  return { ...hints, ...make, ...(node ?? other), service, branch }
}
