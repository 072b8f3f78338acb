/**
 * Who may import whom. A folder of `src/` may import itself and the layers named for it, nothing else;
 * types count as imports. `npm run check` enforces this file; when an import is refused, either the import
 * is wrong or this is the place to say why the layers changed.
 */

/** The words of the design: siblings, none imports another; they meet through evidence and events. */
export const words = ['changes', 'pipeline', 'load', 'deploy', 'watch', 'predict', 'notify'] as const

const ground = ['kernel', 'store', 'host', 'engine'] as const
const below = [...ground, 'fleet'] as const

/** Folder of `src/` → the folders it may import. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  store: ['kernel'],
  host: ['kernel'],
  engine: ['kernel', 'host'],
  wire: ['kernel'],
  forecast: ['kernel'],
  series: ['kernel'],
  fleet: [...ground, 'wire'],
  changes: [...below],
  pipeline: [...below],
  load: [...below, 'wire'],
  deploy: [...below, 'series'],
  watch: [...below, 'series'],
  predict: [...below, 'series', 'forecast'],
  notify: [...below],
  contract: ['kernel'],
  config: ['kernel', 'host', 'fleet', ...words],
  flow: [...below, 'series', 'forecast', ...words, 'config', 'contract'],
  server: [...below, 'series', 'forecast', ...words, 'config', 'contract', 'flow'],
  web: ['contract', 'kernel'],
  cli: [...below, ...words, 'config', 'contract', 'flow', 'server'],
}

/**
 * Files, or folders, that decide and do nothing: they import no package but zod and nothing of Node's.
 * Paths are relative to `src/`; a trailing slash names a folder.
 */
export const pure: readonly string[] = [
  'kernel/',
  'contract/',
  'forecast/',
  'series/chunk/',
  'series/query/',
  'series/remote/write/',
  'series/text/',
  'series/answers.ts',
  'series/index.ts',
  'series/memory.ts',
  'series/series.ts',
  'series/store.ts',
  'pipeline/plan/',
  'load/plan/',
  'deploy/plan/',
  'watch/plan/',
  'watch/collect/plan/',
  'watch/probes/plan/',
  'predict/plan/',
  'notify/plan/',
  'flow/traces/plan/',
]
