type Place = { readonly after?: string | undefined; readonly inStepWith?: string | undefined }

/**
 * The environments in which something is promised: those named, or else those at the end of the way, which no other comes
 * after and which follow nobody.
 */
export function promisedIn(
  { environments }: { readonly environments?: readonly string[] | undefined },
  places: Readonly<Record<string, Place>>,
): readonly string[] {
  if (environments) return environments
  const passed = new Set(Object.values(places).map(({ after }) => after))
  return Object.entries(places)
    .filter(([name, { inStepWith }]) => !passed.has(name) && inStepWith === undefined)
    .map(([name]) => name)
}
