import type { EnvironmentRow } from '../../contract/index.ts'
import { type LaneState, laneId } from '../../deploy/index.ts'
import { tooOldFor } from '../../flow/compatible.ts'
import { readDeployment, readLane } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import type { Digest } from '../../kernel/index.ts'

/** Why a release that was brought here already does not run here. */
async function stoppedBy(
  world: World,
  lane: LaneState | undefined,
  release: Digest,
): Promise<string | undefined> {
  const rejected = lane?.rejected[release]
  if (rejected) return `it was rolled back here by ${rejected}`
  const last = lane?.lastDeployment ? await readDeployment(world.journal, lane.lastDeployment) : undefined
  if (last?.release !== release || last.standing !== 'failed') return undefined
  const gates = last.gates.filter(({ verdict }) => verdict.is !== 'pass').map(({ name }) => name)
  return gates.length > 0 ? `refused by ${gates.map((name) => `gate ${name}`).join(' and ')}` : undefined
}

/** What the environment before runs, and this one does not. */
export async function withNext(
  world: World,
  service: string,
  rows: readonly EnvironmentRow[],
): Promise<EnvironmentRow[]> {
  return Promise.all(
    rows.map(async (row) => {
      const source = rows.find((one) => one.name === (row.after ?? row.inStep?.with))
      if (!source?.release || row.deployment || row.release?.digest === source.release.digest) return row
      if (row.waits.some(({ release }) => release === source.release?.digest)) return row
      const lane = await readLane(world.journal, laneId(service, row.name))
      const stopped = await stoppedBy(world, lane, source.release.digest as Digest)
      const effect = `release ${source.release.short} will run in ${row.name}`
      const refused = await tooOldFor(world, lane, source.release.digest as Digest)
      const command = `plimsoll promote ${service} ${row.name}`
      const promote = { label: 'Promote', effect, command, ...(refused ? { refused } : {}) }
      const said = stopped
        ? { because: stopped, tried: true as const }
        : { because: `it runs in ${source.name}` }
      return { ...row, next: { release: source.release, ...said, promote } }
    }),
  )
}
