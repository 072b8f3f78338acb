type Job = { steps: unknown[] }

export function jobs(sh: (command: string) => unknown): Record<string, Job> {
  const commands: Record<string, string[]> = {}
  return { test: { steps: commands.test.map(sh) } }
}
