import type { ReleasesView } from '../../contract/index.ts'
import { laneId } from '../../deploy/index.ts'
import { readLane, readService } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import type { RunState } from '../../pipeline/index.ts'
import { placesOf } from './places.ts'
import { runsOf } from './records.ts'
import { nameRelease } from './releases.ts'

type TestsBody = { readonly passed: number; readonly failed: number; readonly skipped: number }

/** The releases of a service, newest first. */
export async function viewReleases(world: World, service: string): Promise<ReleasesView> {
  const state = await readService(world.journal, service)
  const lanes = await Promise.all(
    placesOf(state ?? { name: service, seen: {}, runs: 0 }).map(({ name }) =>
      readLane(world.journal, laneId(service, name)),
    ),
  )
  const runs = (await runsOf(world, service)).filter((run) => run.release && !run.trial)
  const releases = runs.map(async (run): Promise<ReleasesView['releases'][number]> => {
    const release = run.release as NonNullable<RunState['release']>
    const [tests] = await world.evidence.about(release.digest, ['tests'])
    const body = tests?.body as unknown as TestsBody | undefined
    const rejected = lanes.flatMap((lane) => lane?.rejected[release.digest] ?? [])[0]
    return {
      ...(await nameRelease(world, release.digest)),
      run: run.id,
      sizeBytes: release.sizeBytes,
      runsIn: lanes.flatMap((lane) => (lane?.live?.release === release.digest ? [lane.environment] : [])),
      ...(body ? { tests: { passed: body.passed, failed: body.failed, skipped: body.skipped } } : {}),
      ...(rejected ? { rejected } : {}),
    }
  })
  return { schemaVersion: 1, service, releases: await Promise.all(releases) }
}
