import type { ImageSeen } from '../../engine/index.ts'
import type { ContainerConfig, ContainersConfig, ReleasedContainer } from '../../fleet/index.ts'
import { type Digest, type Json, PlimsollError, shortDigest } from '../../kernel/index.ts'
import type { ProvenanceBody } from '../plan/evidence.ts'
import { imagePlan } from '../plan/plan.ts'
import type { WorkDeps } from './deps.ts'
import { haveImage } from './images.ts'

/** Images of a release, how its containers are started, and what is known of them. */
export type ReleaseImages = {
  readonly images: Readonly<Record<string, Digest>>
  readonly containers: Readonly<Record<string, ReleasedContainer>>
  readonly evidence: Json
}

/** @throws PLM_PORT_NOT_EXPOSED when the image names ports, and not this one */
function checkPort(name: string, { port }: ContainerConfig, { ports }: ImageSeen): void {
  if (port === undefined || ports.length === 0 || ports.includes(port)) return
  const text = `the image of ${name} exposes ${ports.join(', ')}, not ${port}`
  throw new PlimsollError('PLM_PORT_NOT_EXPOSED', [{ at: `containers.${name}.port`, text }])
}

function startOf(config: ContainerConfig, image: Digest): ReleasedContainer {
  const { port, command, cpus, memory, env, writable, capabilities, essential } = config
  return {
    image,
    ...(port === undefined ? {} : { port }),
    ...(command ? { command } : {}),
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...{ env, writable, capabilities, essential },
  }
}

/** Builds or finds the images of a release, one after the other, and names them so that nobody clears them away. */
export async function makeImages(
  containers: ContainersConfig,
  folder: string,
  { service }: ProvenanceBody,
  deps: WorkDeps,
  signal: AbortSignal,
): Promise<ReleaseImages> {
  const made: [string, ImageSeen, ContainerConfig][] = []
  for (const [name, config] of Object.entries(containers)) {
    const image = await haveImage({ from: imagePlan(config), folder, service }, deps.engine, signal)
    checkPort(name, config, image)
    await deps.engine.tag(image.id, `plimsoll/${service}/${name}`.toLowerCase(), shortDigest(image.id))
    made.push([name, image, config])
  }
  const seen = made.map(([name, { id, sizeBytes }, config]) => [
    name,
    { image: id, sizeBytes, from: imagePlan(config) },
  ])
  return {
    images: Object.fromEntries(made.map(([name, { id }]) => [name, id])),
    containers: Object.fromEntries(made.map(([name, { id }, config]) => [name, startOf(config, id)])),
    evidence: { engine: await deps.engine.version(), containers: Object.fromEntries(seen) },
  }
}
