import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export type Rules = {
  readonly layers: Readonly<Record<string, readonly string[]>>
  readonly pure: readonly string[]
}
export type Breach = { readonly file: string; readonly line: number; readonly text: string }

/** Test files, fixtures and the rules themselves stand beside the layers. */
const isBeside = (file: string): boolean => /\.(test|fixture)\.tsx?$/.test(file) || !file.includes('/')

function sourcesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  return files
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

type Import = { readonly from: string; readonly at: number }

/** Every module that a file names: imports, types, re-exports and `import()` of a literal. */
function importsOf(file: string, source: string): Import[] {
  const { module } = parseSync(file, source)
  const fixed = module.staticImports.map((one) => ({ from: one.moduleRequest.value, at: one.start }))
  const passedOn = module.staticExports.flatMap((one) =>
    one.entries.flatMap((entry) =>
      entry.moduleRequest ? [{ from: entry.moduleRequest.value, at: entry.start }] : [],
    ),
  )
  const late = module.dynamicImports.flatMap((one) => {
    const text = source.slice(one.moduleRequest.start, one.moduleRequest.end)
    return /^['"]/.test(text) ? [{ from: text.slice(1, -1), at: one.start }] : []
  })
  return [...fixed, ...passedOn, ...late]
}

const lineAt = (source: string, at: number): number => source.slice(0, at).split('\n').length
const folderOf = (file: string): string => file.split('/')[0] ?? ''

/** Why a file may not import a module; undefined when it may. */
function breachOf(file: string, from: string, { layers, pure }: Rules): string | undefined {
  const isPure = pure.some((place) => file.startsWith(place))
  if (!from.startsWith('.')) {
    if (isPure && from !== 'zod')
      return `imports ${from}, but ${pure.find((place) => file.startsWith(place))} is pure: zod and nothing else`
    return undefined
  }
  const target = normalize(join(dirname(file), from))
    .split(sep)
    .join('/')
  if (target.startsWith('..')) return `imports ${from}, which lies outside of src`
  const [here, there] = [folderOf(file), folderOf(target)]
  if (here === there || layers[here]?.includes(there)) return undefined
  return `imports ${there}, but ${here} may import ${layers[here]?.join(', ') || 'nothing'} (src/layers.ts)`
}

/** Everything in a source folder that breaks the rules. */
export function checkLayers(folder: string, rules: Rules): Breach[] {
  return sourcesIn(folder).flatMap((file) => {
    if (isBeside(file)) return []
    if (!rules.layers[folderOf(file)])
      return [{ file, line: 1, text: `lies in ${folderOf(file)}, which src/layers.ts does not know` }]
    const source = readFileSync(join(folder, file), 'utf8')
    return importsOf(file, source).flatMap(({ from, at }) => {
      const text = breachOf(file, from, rules)
      return text ? [{ file, line: lineAt(source, at), text }] : []
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { layers, pure } = await import('../src/layers.ts')
  const breaches = checkLayers(fileURLToPath(new URL('../src', import.meta.url)), { layers, pure })
  for (const { file, line, text } of breaches) console.error(`src/${file}:${line}  ${text}`)
  process.exit(breaches.length > 0 ? 1 : 0)
}
