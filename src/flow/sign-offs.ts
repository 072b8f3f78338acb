import { type SignOffBody, signOffKind } from '../deploy/index.ts'
import type { Digest } from '../kernel/index.ts'
import type { World } from './world.ts'

/** Keeps a person's word about a release and an environment; a newer one of the same person takes its place. */
export async function keepSignOff(
  world: World,
  about: { readonly release: Digest; readonly environment: string },
  body: SignOffBody,
): Promise<void> {
  await world.evidence.put({ kind: signOffKind, at: world.clock.now(), about, body })
}
