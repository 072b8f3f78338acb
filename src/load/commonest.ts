/** Counts by their cause, most frequent first. */
export const commonest = (
  causes: Readonly<Record<string, number>>,
): { readonly because: string; readonly count: number }[] =>
  Object.entries(causes)
    .map(([because, count]) => ({ because, count }))
    .sort((a, b) => b.count - a.count)
