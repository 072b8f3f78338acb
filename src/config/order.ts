/** What each name waits for. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** Each circle in the graph once, as the names met going round, the first one repeated at the end. */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const finished = new Set<string>()
  const cycles: string[][] = []
  const visit = (name: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(name)
    if (seenAt >= 0) cycles.push([...trail.slice(seenAt), name])
    if (seenAt >= 0 || finished.has(name)) return
    for (const next of graph.get(name) ?? []) if (graph.has(next)) visit(next, [...trail, name])
    finished.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
  return cycles
}

/** Names after all that they wait for, otherwise in the order in which they are written. */
export function orderNames(graph: Graph): readonly string[] {
  const ordered = new Set<string>()
  const visit = (name: string, trail: readonly string[]): void => {
    if (ordered.has(name) || trail.includes(name)) return
    for (const before of graph.get(name) ?? []) if (graph.has(before)) visit(before, [...trail, name])
    ordered.add(name)
  }
  for (const name of graph.keys()) visit(name, [])
  return [...ordered]
}

/** The environments as releases travel through them: each one after those that it names. */
export function orderEnvironments(
  environments: Readonly<
    Record<string, { readonly after?: string | undefined; readonly inStepWith?: string | undefined }>
  >,
): readonly string[] {
  const graph = Object.entries(environments).map(
    ([name, { after, inStepWith }]) => [name, [after, inStepWith].flatMap((one) => one ?? [])] as const,
  )
  return orderNames(new Map(graph))
}
