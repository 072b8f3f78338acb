import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'

export type Rules = {
  readonly layers: Readonly<Record<string, readonly string[]>>
  readonly pure: readonly string[]
}
export type Breach = { readonly file: string; readonly line: number; readonly text: string }

/** Tests keep to the layers of their folder; only that a folder is pure, or lies in `src`, binds them less. */
const isTest = (file: string): boolean => /\.(test|fixture)\.tsx?$/.test(file)

function sourcesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  return files
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

type Import = { readonly from: string; readonly at: number }
type Program = ReturnType<typeof parseSync>['program']
type Place = { readonly start: number; readonly end: number }

/** The text of a literal, or of a template without holes; undefined for what is only known when it runs. */
function literalAt(source: string, { start, end }: Place): string | undefined {
  return /^(['"`])([^'"`$]*)\1$/.exec(source.slice(start, end))?.[2]
}

/** What is imported in the middle of code or of a type. */
function importsInside(program: Program, source: string): Import[] {
  const found: Import[] = []
  const add = (node: Place, named: Place): void => {
    const from = literalAt(source, named)
    if (from !== undefined) found.push({ from, at: node.start })
  }
  new Visitor({
    'ImportExpression:exit': (node) => add(node, node.source),
    'TSImportType:exit': (node) => add(node, node.source),
    'TSExternalModuleReference:exit': (node) => add(node, node.expression),
  }).visit(program)
  return found
}

/** Every module that a file names: imports, types, re-exports, `import()` of a literal, `import('x').T`. */
function importsOf(file: string, source: string): Import[] {
  const { module, program } = parseSync(file, source)
  const fixed = module.staticImports.map((one) => ({ from: one.moduleRequest.value, at: one.start }))
  const passedOn = module.staticExports.flatMap((one) =>
    one.entries.flatMap((entry) =>
      entry.moduleRequest ? [{ from: entry.moduleRequest.value, at: entry.start }] : [],
    ),
  )
  return [...fixed, ...passedOn, ...importsInside(program, source)]
}

const lineAt = (source: string, at: number): number => source.slice(0, at).split('\n').length
const folderOf = (file: string): string => file.split('/')[0] ?? ''

/** Why a file may not import a module; undefined when it may. */
function breachOf(file: string, from: string, { layers, pure }: Rules): string | undefined {
  const isPure = !isTest(file) && pure.some((place) => file.startsWith(place))
  if (!from.startsWith('.')) {
    if (isPure && from !== 'zod')
      return `imports ${from}, but ${pure.find((place) => file.startsWith(place))} is pure: zod and nothing else (src/layers.ts)`
    return undefined
  }
  const target = normalize(join(dirname(file), from))
    .split(sep)
    .join('/')
  if (isTest(file) && target.startsWith('../test/support/')) return undefined
  if (target.startsWith('..')) return `imports ${from}, which lies outside of src`
  const [here, there] = [folderOf(file), folderOf(target)]
  if (here === there || layers[here]?.includes(there)) return undefined
  return `imports ${there}, but ${here} may import ${layers[here]?.join(', ') || 'nothing'} (src/layers.ts)`
}

/** Everything in a source folder that breaks the rules. */
export function checkLayers(folder: string, rules: Rules): Breach[] {
  return sourcesIn(folder).flatMap((file) => {
    // What stands in `src` itself are the rules, not a layer.
    if (!file.includes('/')) return []
    if (!Object.hasOwn(rules.layers, folderOf(file)))
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
