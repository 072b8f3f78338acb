/** Measurements by name; each prints what it measured and beside what. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  canary: async () => (await import('./canary/bench.ts')).run(process.argv.slice(3)),
  compare: async () => (await import('./compare/bench.ts')).run(process.argv.slice(3)),
  forecast: async () => (await import('./forecast/bench.ts')).run(process.argv.slice(3)),
  futures: async () => (await import('./futures/bench.ts')).run(process.argv.slice(3)),
  gateway: async () => (await import('./gateway/bench.ts')).run(process.argv.slice(3)),
  judging: async () => (await import('./judging/bench.ts')).run(process.argv.slice(3)),
  load: async () => (await import('./load/bench.ts')).run(process.argv.slice(3)),
  'load-memory': async () => (await import('./load/memory.ts')).run(process.argv.slice(3)),
  pipeline: async () => (await import('./pipeline/bench.ts')).run(),
  series: async () => (await import('./series/bench.ts')).run(process.argv.slice(3)),
  soak: async () => (await import('./soak/bench.ts')).run(process.argv.slice(3)),
  thirty: async () => (await import('./thirty/bench.ts')).run(process.argv.slice(3)),
}

const [name = ''] = process.argv.slice(2)
const bench = benches[name]
if (!bench) {
  console.error(`npm run bench -- NAME, with one of: ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
await bench()
process.exit()
