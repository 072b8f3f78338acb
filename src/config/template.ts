import type { Detected } from './detect.ts'

/** A text as a literal of TypeScript, in single quotes. */
const literal = (text: string): string =>
  `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`

const list = (texts: readonly string[]): string => `[${texts.map(literal).join(', ')}]`

function installJob({ install, lockFile, caches }: Detected): string | undefined {
  if (!install) return undefined
  const steps = `steps: [sh(${literal(install)})]`
  if (!caches) return `install: { ${steps} },`
  // Without a lock file there is nothing that says when a cache is out of date.
  const kept = lockFile
    ? `cache: { key: ${list([lockFile])}, paths: ${list(caches)} }`
    : `outputs: ${list(caches)}`
  return `install: { ${steps}, ${kept} },`
}

function laterJob(
  name: string,
  command: string | undefined,
  needs: readonly string[],
  junit?: string,
): string | undefined {
  if (!command) return undefined
  const before = needs.length === 0 ? '' : `needs: ${list(needs)}, `
  const reports = junit ? `, reports: { junit: ${literal(junit)} }` : ''
  return `${name}: { ${before}steps: [sh(${literal(command)})]${reports} },`
}

function writeJobs(found: Detected): readonly string[] {
  const needs = found.install ? ['install'] : []
  const test = found.test ?? 'echo "no tests were found; write how to run them here"; exit 1'
  const jobs = [
    installJob(found),
    laterJob('lint', found.lint, needs),
    laterJob('build', found.build, needs),
    laterJob('test', test, needs, found.test ? found.junit : undefined),
  ]
  return jobs.filter((job) => job !== undefined)
}

/** Without a report there is no evidence of tests, and the gate that is there by default would let nothing through. */
function writeEnvironments(isReported: boolean): readonly string[] {
  const gates = isReported ? '' : 'gates: []'
  return [
    `  // A release goes from one to the next once its pipeline passed; \`promote: 'manual'\` waits for a person.`,
    ...(isReported
      ? []
      : [
          `  // No JUnit report of the tests was found. Name one (the job's \`reports: { junit: 'reports/*.xml' }\`) and take out`,
          `  // \`gates: []\`: from then on only a release whose tests are known to have passed comes here.`,
        ]),
    `  environments: {`,
    `    staging: {${gates ? ` ${gates} ` : ''}},`,
    `    production: { after: 'staging', instances: 2, deploy: rolling({ bake: '10s' })${gates ? `, ${gates}` : ''} },`,
    `  },`,
  ]
}

/** Writes the configuration that `plimsoll init` proposes: short, commented, and sound as it is. */
export function writeTemplate(found: Detected): string {
  const start = found.start ?? 'echo "write how the service starts here"; exit 1'
  const health = found.health
    ? [
        `    // Answers with a status below 400 once the service can take requests.`,
        `    health: ${literal(found.health)},`,
      ]
    : [
        `    // No health path was found: until one is named, any answer to / below 400 counts as healthy.`,
        `    health: '/',`,
      ]
  return [
    `import { defineConfig, rolling, sh } from 'plimsoll'`,
    ``,
    `// \`plimsoll check\` checks this file, \`plimsoll config\` shows it with all defaults.`,
    `export default defineConfig({`,
    `  service: ${literal(found.service)},`,
    ...(found.branch === 'main' ? [] : [`  branch: ${literal(found.branch)},`]),
    `  start: {`,
    `    command: ${literal(start)},`,
    `    // The environment variable that tells the service its port.`,
    `    port: ${literal(found.portVariable)},`,
    ...health,
    `  },`,
    `  pipeline: {`,
    ...writeJobs(found).map((job) => `    ${job}`),
    `  },`,
    ...writeEnvironments(found.test !== undefined && found.junit !== undefined),
    `})`,
    ``,
  ].join('\n')
}
