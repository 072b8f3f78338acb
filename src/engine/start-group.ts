import type { Key } from '../kernel/index.ts'
import type { SecretFiles } from './book.ts'
import { containerName, createBody } from './create-body.ts'
import type { Engine } from './engine.ts'
import type { GroupSpec } from './group.ts'

export type StartDeps = {
  readonly engine: Pick<Engine, 'create' | 'start'>
  readonly secrets: SecretFiles
  /** Cookie of this Plimsoll. */
  readonly home: string
}

export type Started = { readonly name: string; readonly id: string }

/**
 * Makes and starts one container after the other: the first holds the network that the others join. May be done again
 * after a crash: what was made is found by its name, what was started stays as it is.
 * @throws EngineRefusal when one of them cannot be
 */
export async function startGroup(
  { engine, secrets, home }: StartDeps,
  key: Key,
  spec: GroupSpec,
): Promise<readonly Started[]> {
  const started: Started[] = []
  for (const one of spec.containers) {
    const secretsFolder = await secrets.write(key, one.name, one.secrets)
    const first = started[0]
    const network = first ? (`container:${first.id}` as const) : spec.network
    const body = createBody(one, {
      ...{ home, key },
      ...(network === undefined ? {} : { network }),
      ...(spec.port ? { port: spec.port } : {}),
      ...(secretsFolder === undefined ? {} : { secretsFolder }),
    })
    const id = await engine.create(containerName(home, key, one.name), body)
    await engine.start(id)
    started.push({ name: one.name, id })
  }
  return started
}
