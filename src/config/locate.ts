import type { KeyPath } from './keyPath.ts'

/** Line (from 1) of the value at a key path, or of what stands nearest around it. */
export type Locate = (path: KeyPath) => number

/** As much of an ESTree node as walking needs. */
type Node = { readonly type: string; readonly start: number; readonly [field: string]: unknown }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

/** Initial values of the file's own constants, by name. */
type Constants = ReadonlyMap<string, Node>

/** One search for one key: what was looked through already is not looked through again. */
type Search = { readonly constants: Constants; readonly seen: Set<Node> }

const wrappers = new Set([
  'TSSatisfiesExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  'ParenthesizedExpression',
  'SpreadElement',
])

/** Looks through type annotations, parentheses and names of constants to what is really written. */
function resolve(node: Node | undefined, constants: Constants, depth = 0): Node | undefined {
  if (!node || depth > 20) return undefined
  if (wrappers.has(node.type)) {
    const inner = node.type === 'SpreadElement' ? node.argument : node.expression
    return resolve(isNode(inner) ? inner : undefined, constants, depth + 1)
  }
  if (node.type !== 'Identifier') return node
  return resolve(constants.get(String(node.name)), constants, depth + 1)
}

function nameOf(property: Node): string | undefined {
  const key = property.key
  if (!isNode(key) || property.computed === true) return undefined
  return key.type === 'Identifier' ? String(key.name) : String(key.value)
}

/** What a step of the search found: the place to point at, and the value to go on from. */
type Step = { readonly place: Node; readonly value: Node }

/** The property `part` of an object literal, in what it spreads too; the last one written counts. */
function findProperty(object: Node, part: string, search: Search): Step | undefined {
  for (const property of nodes(object.properties).toReversed()) {
    if (property.type === 'SpreadElement') {
      const inside = findPart(property, part, search)
      if (inside) return inside
    } else if (nameOf(property) === part && isNode(property.value)) {
      return { place: property, value: property.value }
    }
  }
  return undefined
}

function findElement(array: Node, index: number): Step | undefined {
  const elements = Array.isArray(array.elements) ? array.elements.slice(0, index + 1) : []
  const element: unknown = elements[index]
  if (!isNode(element) || nodes(elements).some((node) => node.type === 'SpreadElement')) return undefined
  return { place: element, value: element }
}

/** One key further in. Calls such as `slo.latency({ … })` are searched through their arguments. */
function findPart(node: Node, part: string | number, search: Search): Step | undefined {
  const at = resolve(node, search.constants)
  if (!at || search.seen.has(at)) return undefined
  search.seen.add(at)
  if (at.type === 'ObjectExpression') return findProperty(at, String(part), search)
  if (at.type === 'ArrayExpression') return typeof part === 'number' ? findElement(at, part) : undefined
  if (at.type !== 'CallExpression') return undefined
  for (const argument of nodes(at.arguments)) {
    const inside = findPart(argument, part, search)
    if (inside) return inside
  }
  return undefined
}

function findPlace(root: Node, path: KeyPath, constants: Constants): Node {
  let place = root
  let value: Node = root
  for (const part of path) {
    const step = findPart(value, part, { constants, seen: new Set() })
    if (!step) return place
    place = step.place
    value = step.value
  }
  return place
}

function collectConstants(body: readonly Node[]): Constants {
  const declared = body
    .filter((node) => node.type === 'VariableDeclaration')
    .flatMap((node) => nodes(node.declarations))
  const entries = declared.flatMap(({ id, init }): [string, Node][] =>
    isNode(id) && id.type === 'Identifier' && isNode(init) ? [[String(id.name), init]] : [],
  )
  return new Map(entries)
}

/** The object of `export default defineConfig({ … })`, or of `export default { … }`. */
function findRoot(body: readonly Node[], constants: Constants): Node | undefined {
  const declaration = body.find((node) => node.type === 'ExportDefaultDeclaration')?.declaration
  const root = resolve(isNode(declaration) ? declaration : undefined, constants)
  if (root?.type !== 'CallExpression') return root
  return resolve(nodes(root.arguments)[0], constants)
}

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

/**
 * Finds where a file writes each value of its configuration. What is computed (in a loop, in another file)
 * cannot be found: then it is the nearest place around it, in the end the first line.
 */
export async function locateKeys(file: string, source: string): Promise<Locate> {
  const body = await parseBody(file, source)
  const constants = collectConstants(body)
  const root = findRoot(body, constants)
  if (!root) return () => 1
  return (path) => lineAt(source, findPlace(root, path, constants).start)
}

/** The parser is a native package: where it is missing, problems lose their lines and nothing else. */
async function parseBody(file: string, source: string): Promise<readonly Node[]> {
  try {
    const { parseSync } = await import('oxc-parser')
    return nodes(parseSync(file, source).program.body)
  } catch {
    return []
  }
}
