import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { detectService } from './detect.ts'
import { configFile } from './evaluate.ts'
import { readConfig } from './read.ts'
import { writeTemplate } from './template.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-init-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function put(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const manifest = (scripts: object) => JSON.stringify({ scripts })

const repositories: Record<string, { files: Record<string, string>; found: object }> = {
  node: {
    files: {
      'package.json': manifest({ test: 'vitest', build: 'tsc', lint: 'biome', start: 'node dist/server.js' }),
      'package-lock.json': '{}',
      'src/server.ts': `app.get('/healthcheck', ok)\napp.listen(process.env.HTTP_PORT)`,
      'node_modules/x/index.js': `app.get('/healthz', process.env.WRONG_PORT)`,
      '.git/HEAD': 'ref: refs/heads/master\n',
    },
    found: {
      install: 'npm ci',
      test: 'npm test',
      build: 'npm run build',
      lint: 'npm run lint',
      start: 'node dist/server.js',
      health: '/healthcheck',
      portVariable: 'HTTP_PORT',
      branch: 'master',
    },
  },
  pnpm: {
    files: { 'package.json': manifest({ test: 'jest' }), 'pnpm-lock.yaml': 'x' },
    found: {
      install: 'pnpm install --frozen-lockfile',
      test: 'pnpm test',
      portVariable: 'PORT',
      branch: 'main',
    },
  },
  'node without tests or lock file': {
    files: {
      'package.json': JSON.stringify({
        scripts: { test: 'echo "Error: no test specified" && exit 1' },
        dependencies: { fastify: '^5' },
      }),
    },
    found: { install: 'npm install' },
  },
  // npm makes no node_modules then, and a job that is to leave them would fail.
  'node that depends on nothing': {
    files: { 'package.json': manifest({ test: 'node --test', start: 'node server.js' }) },
    found: { test: 'npm test', start: 'node server.js' },
  },
  'java with a Dockerfile': {
    files: {
      'pom.xml': '<project/>',
      Dockerfile: `FROM x\nHEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost:8080/actuator/health\nCMD ["java", "-jar", "it's.jar"]\n`,
    },
    found: {
      test: 'mvn --batch-mode test',
      health: '/actuator/health',
      start: "java -jar it's.jar",
    },
  },
  go: {
    files: { 'go.mod': 'module x', 'main.go': 'os.Getenv("PORT"); mux.HandleFunc("/healthz", ok)' },
    found: { test: 'go test ./...', start: './service', health: '/healthz', portVariable: 'PORT' },
  },
  python: {
    files: { 'pyproject.toml': '', 'app.py': `os.environ["PORT"]; '/healthcheck'` },
    found: { test: 'python3 -m pytest --junitxml=reports/pytest.xml', junit: 'reports/pytest.xml' },
  },
  make: { files: { Makefile: 'test: all\n\tpytest\n' }, found: { test: 'make test' } },
  nothing: { files: {}, found: { portVariable: 'PORT' } },
}

describe.each(Object.entries(repositories))('a repository with %s', (_, { files, found }) => {
  test('is recognised', async () => {
    await put(files)
    expect(await detectService(folder)).toMatchObject(found)
  })

  test('gets a configuration that is sound as it is', async () => {
    await put(files)
    await writeFile(join(folder, configFile), writeTemplate(await detectService(folder)))
    const { config } = await readConfig({ folder, timeoutMs: 50_000 })
    expect(Object.keys(config.pipeline)).toContain('test')
    expect(Object.keys(config.environments)).toEqual(['staging', 'production'])
    if ('start' in found) expect(config.start?.command).toBe(found.start)
    // What comes from here is let in: a gate that nothing could pass would keep the first release out.
    const reports = Object.values(config.pipeline).some((job) => job.reports.junit !== undefined)
    expect(config.environments.staging?.gates).toEqual(reports ? ['tests'] : [])
    if ('branch' in found) expect(config.branch).toBe(found.branch)
  })
})

test('what nobody tests fails until somebody writes how', async () => {
  const text = writeTemplate(await detectService(folder))
  expect(text).toContain('exit 1')
})
