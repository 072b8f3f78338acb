/** Part of a sentence, with the page that it names. */
export type Part = { readonly text: string; readonly href?: string }

/** As deployments and load tests of a service's environment are called: `payments.production.2`, `payments.perf.test-3`. */
const id = /\b[\w-]+\.[\w-]+\.(test-)?\d+\b/g

/** A sentence of the server in parts, so that what it names is one step away. @param service of which names are known */
export function partsOf(text: string, service: string): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  for (const { 0: name, 1: isTest, index } of text.matchAll(id)) {
    if (!name.startsWith(`${service}.`)) continue
    if (index > from) parts.push({ text: text.slice(from, index) })
    parts.push({ text: name, href: `/${isTest ? 'load-tests' : 'deployments'}/${encodeURIComponent(name)}` })
    from = index + name.length
  }
  return from < text.length ? [...parts, { text: text.slice(from) }] : parts
}
