import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { numberOption } from '../options.ts'
import { generatorCore, type Nginx, serverCore, startNginx } from './nginx.ts'

const exec = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))

const users = 64

type Peer = {
  readonly name: string
  /** Of the command, once it is known where it sends to and for how long. */
  readonly args: (url: string, seconds: number) => readonly string[]
}

type Cost = { readonly requests: number; readonly cpuMs: number; readonly wallMs: number }

const plimsoll = (what: readonly string[], seconds: number): readonly string[] => [
  ...[process.execPath, bin, 'load', ...what, '--users', String(users), '--workers', '1'],
  ...['--duration', `${seconds}s`, '--warm-up', '0s', '--json'],
]

/** Tools that are here, or that a variable names. */
async function peers(temporary: string): Promise<readonly Peer[]> {
  const named = (variable: string): string | undefined => process.env[variable]
  const has = async (command: string) => (await exec('which', [command]).catch(() => undefined)) !== undefined
  const own: readonly Peer[] = [
    {
      name: 'bare socket loop',
      args: (url, s) => [process.execPath, join(here, 'bare.ts'), url, String(users), String(s)],
    },
    { name: 'plimsoll, single URL', args: (url, s) => plimsoll([url], s) },
    {
      name: 'plimsoll, scenario',
      args: (url, s) => plimsoll([join(here, 'two.load.ts'), '--base-url', url], s),
    },
  ]
  const others: Peer[] = []
  if (await has('wrk'))
    others.push({ name: 'wrk', args: (url, s) => ['wrk', '-t1', `-c${users}`, `-d${s}s`, url] })
  if (await has('hey'))
    others.push({
      name: 'hey',
      args: (url, s) => ['hey', '-cpus', '1', '-c', String(users), '-z', `${s}s`, url],
    })
  const autocannon = await installAutocannon(temporary)
  if (autocannon)
    others.push({
      name: 'autocannon',
      args: (url, s) => [process.execPath, autocannon, '-c', String(users), '-d', String(s), '-n', url],
    })
  const k6 = named('PLIMSOLL_BENCH_K6')
  if (k6) {
    const script = join(temporary, 'k6.js')
    writeFileSync(script, `import http from 'k6/http'\nexport default () => http.get(__ENV.URL)\n`)
    others.push({
      name: 'k6',
      args: (url, s) => [
        k6,
        'run',
        '-q',
        '--vus',
        String(users),
        '--duration',
        `${s}s`,
        '-e',
        `URL=${url}`,
        script,
      ],
    })
  }
  const oha = named('PLIMSOLL_BENCH_OHA')
  if (oha)
    others.push({ name: 'oha', args: (url, s) => [oha, '--no-tui', '-c', String(users), '-z', `${s}s`, url] })
  const vegeta = named('PLIMSOLL_BENCH_VEGETA')
  if (vegeta)
    others.push({
      name: 'vegeta',
      args: (url, s) => [
        ...['sh', '-c', 'echo "GET $1" | "$0" attack -rate 0 -max-workers "$3" -duration "$2" > /dev/null'],
        ...[vegeta, url, `${s}s`, String(users)],
      ],
    })
  const artillery = named('PLIMSOLL_BENCH_ARTILLERY')
  if (artillery)
    others.push({
      name: 'artillery',
      args: (url, s) => [artillery, 'quick', '--count', String(users), '--num', String(s * 500), url],
    })
  return [...own, ...others]
}

/** From the registry, into a folder that goes away again; nothing where that cannot be reached. */
async function installAutocannon(folder: string): Promise<string | undefined> {
  await exec('npm', [
    'install',
    '--prefix',
    folder,
    '--no-audit',
    '--no-fund',
    '--silent',
    'autocannon@8',
  ]).catch(() => undefined)
  const file = join(folder, 'node_modules', 'autocannon', 'autocannon.js')
  return existsSync(file) ? file : undefined
}

/** User and system time of children that have ended (clock ticks of 10 ms). */
function childrenCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) * 10
}

async function measure(peer: Peer, nginx: Nginx, seconds: number): Promise<Cost> {
  const [began, cpu, requests] = [performance.now(), childrenCpuMs(), await nginx.count()]
  const child = spawn('taskset', ['-c', generatorCore, ...peer.args(nginx.url, seconds)], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('close', resolve))
  const wallMs = performance.now() - began
  // Our own question is counted, too.
  return { requests: (await nginx.count()) - requests - 1, cpuMs: childrenCpuMs() - cpu, wallMs }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
const microsOf = ({ cpuMs, requests }: Cost): number => (cpuMs * 1_000) / requests

/** CPU of the generator for each request, of ours and its peers, at the ceiling of a core. */
export async function run(args: readonly string[]): Promise<void> {
  const [rounds, seconds] = [numberOption(args, 'rounds', 5), numberOption(args, 'seconds', 6)]
  const temporary = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  try {
    const nginx = await startNginx(temporary)
    const all = await peers(temporary)
    const costs = new Map<string, Cost[]>(all.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const peer of all) costs.get(peer.name)?.push(await measure(peer, nginx, seconds))
    await nginx.stop()
    const bare = median((costs.get('bare socket loop') ?? []).map(microsOf))
    console.log(
      `${users} connections, one nginx on core ${serverCore}, the generator on core ${generatorCore}; ${rounds} rounds of ${seconds} s, interleaved`,
    )
    console.log(
      `${'generator'.padEnd(22)}${'requests/s'.padStart(12)}${'CPU µs'.padStart(9)}${'least'.padStart(8)}${'most'.padStart(8)}${'× bare'.padStart(9)}`,
    )
    for (const [name, of] of costs) {
      const micros = of.map(microsOf)
      const rate = median(of.map(({ requests }) => requests / seconds))
      console.log(
        `${name.padEnd(22)}${rate.toFixed(0).padStart(12)}${median(micros).toFixed(2).padStart(9)}${Math.min(
          ...micros,
        )
          .toFixed(2)
          .padStart(8)}${Math.max(...micros)
          .toFixed(2)
          .padStart(8)}${(median(micros) / bare).toFixed(2).padStart(9)}`,
      )
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
