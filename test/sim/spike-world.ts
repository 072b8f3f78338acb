import type { Spikes } from '../../src/flow/world.ts'
import type { Key } from '../../src/kernel/index.ts'
import type { simulateMachine } from './machine-world.ts'

/** Folders of spikes, and data folders, on a machine that outlives the process under test. */
export function simulateSpikes({ processes }: ReturnType<typeof simulateMachine>) {
  const folders = new Set<string>()
  const droppedRefs: string[] = []
  const jobsOf = (spike: string): Key[] =>
    [...processes.keys()].filter((key) =>
      [`spike/${spike}/`, `fleet/${spike}.`, `deployment/${spike}.`].some((prefix) => key.startsWith(prefix)),
    )
  const exists = (spike: string): boolean =>
    [...folders].some((folder) => folder.endsWith(spike)) || jobsOf(spike).length > 0
  const spikes: Spikes = {
    foldersOf: (spike) => ({
      source: `/spikes/${spike}/source`,
      variables: `/spikes/${spike}/variables`,
      secrets: `/spikes/${spike}/secrets`,
    }),
    make: async (spike) => void folders.add(`/spikes/${spike}`),
    variables: async (spike) => ({
      variables: { DATABASE: 'db', PASSWORD: { secret: `spike/${spike}/PASSWORD` } },
    }),
    exists: async (spike) => exists(spike),
    async remove(spike, refs) {
      for (const key of jobsOf(spike)) if (processes.get(key)?.ended) processes.delete(key)
      for (const folder of [...folders]) if (folder.endsWith(spike)) folders.delete(folder)
      droppedRefs.push(...refs.map(({ ref }) => ref))
      if (exists(spike)) throw new Error('something is still at work')
    },
  }
  return {
    spikes,
    folders,
    droppedRefs,
    dataFolder(service: string, environment: string): string {
      folders.add(`/data/${service}.${environment}`)
      return `/data/${service}.${environment}`
    },
  }
}
