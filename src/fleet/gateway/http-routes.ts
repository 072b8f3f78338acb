/** Finds the template that a path has the form of. */
export interface HttpRoutes {
  /** Label of each route, by its number; the last is that of all other paths. */
  readonly names: readonly string[]
  /** @param url as it stands in the request, query and all @returns the number of its route */
  find(url: string): number
}

/** Every path that no template has the form of: paths themselves are never told, they may hold anything. */
export const otherRoute = 'other'

type Node = {
  readonly literals: Map<string, Node>
  /** What may be any segment. */
  any: Node | undefined
  /** Number of the route that ends here. */
  ends: number
  /** Of the route that takes all that comes after this. */
  rest: number
}

const newNode = (): Node => ({ literals: new Map(), any: undefined, ends: -1, rest: -1 })

function put(root: Node, template: string, number: number): void {
  let node = root
  for (const segment of template.split('/').slice(1)) {
    if (segment === '*') {
      if (node.rest < 0) node.rest = number
      return
    }
    const isAny = segment.startsWith(':')
    const next = (isAny ? node.any : node.literals.get(segment)) ?? newNode()
    if (isAny) node.any = next
    else node.literals.set(segment, next)
    node = next
  }
  if (node.ends < 0) node.ends = number
}

/** Where the path of a URL ends. */
function endOf(url: string): number {
  for (let at = 0; at < url.length; at++) {
    const code = url.charCodeAt(at)
    if (code === 63 /* ? */ || code === 35 /* # */) return at
  }
  return url.length
}

/** What stands there literally is tried before what may be anything. @param at where a segment begins */
function walk(node: Node, url: string, at: number, end: number): number {
  const slash = url.indexOf('/', at)
  const isLast = slash < 0 || slash >= end
  const segment = url.slice(at, isLast ? end : slash)
  const literal = node.literals.get(segment)
  if (literal) {
    const found = isLast ? literal.ends : walk(literal, url, slash + 1, end)
    if (found >= 0) return found
  }
  if (node.any && segment !== '') {
    const found = isLast ? node.any.ends : walk(node.any, url, slash + 1, end)
    if (found >= 0) return found
  }
  return node.rest
}

/**
 * @param templates such as `/payments/:id`, or `/static/*` for whatever is below
 * @returns undefined when there are none: then nothing is looked for
 */
export function createHttpRoutes(templates: readonly string[]): HttpRoutes | undefined {
  if (templates.length === 0) return undefined
  const root = newNode()
  for (const [number, template] of templates.entries()) put(root, template, number)
  const names = [...templates, otherRoute]
  return {
    names,
    find(url) {
      const found = url.charCodeAt(0) === 47 /* / */ ? walk(root, url, 1, endOf(url)) : -1
      return found < 0 ? templates.length : found
    },
  }
}
