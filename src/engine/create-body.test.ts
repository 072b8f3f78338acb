import { describe, expect, it } from 'vitest'
import { createBody } from './create-body.ts'
import type { ContainerSpec } from './group.ts'

const spec: ContainerSpec = {
  ...{ name: 'app', image: 'sha256:abc', env: { PORT: '8080' }, secrets: { KEY: 'sup3r-secret' } },
  ...{ mounts: [], writable: false, capabilities: [], essential: true },
}
const at = { home: 'h1', key: 'fleet/a/0/1' }

describe('what the engine is asked for', () => {
  it('is the image by digest, with the labels by which it is found again', () => {
    expect(createBody(spec, at)).toMatchObject({
      Image: 'sha256:abc',
      Labels: { 'plimsoll.home': 'h1', 'plimsoll.key': 'fleet/a/0/1', 'plimsoll.container': 'app' },
    })
  })

  it('gives no right that was not asked for, and starts nothing again', () => {
    expect(createBody(spec, at)).toMatchObject({
      HostConfig: {
        CapDrop: ['ALL'],
        CapAdd: [],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        RestartPolicy: { Name: 'no' },
        PidsLimit: 1_024,
      },
    })
    const more = { ...spec, writable: true, capabilities: ['CHOWN'], user: '7:7' }
    expect(createBody(more, at)).toMatchObject({
      User: '7:7',
      HostConfig: { CapAdd: ['CHOWN'], ReadonlyRootfs: false },
    })
  })

  it('holds the limits, without swap', () => {
    expect(createBody({ ...spec, cpus: 0.5, memoryBytes: 1_000 }, at)).toMatchObject({
      HostConfig: { NanoCpus: 5e8, Memory: 1_000, MemorySwap: 1_000 },
    })
  })

  it('publishes the port on loopback alone, of the container that holds the network', () => {
    const port = { inside: 8080, outside: 20_001 }
    expect(createBody(spec, { ...at, port })).toMatchObject({
      ExposedPorts: { '8080/tcp': {} },
      HostConfig: {
        NetworkMode: 'bridge',
        PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '20001' }] },
      },
    })
    const joined = createBody(spec, { ...at, port, network: 'container:c1' })
    expect(joined).toMatchObject({ HostConfig: { NetworkMode: 'container:c1' } })
    expect(joined).not.toHaveProperty('ExposedPorts')
  })

  it('never holds the value of a secret: only the folder where it lies', () => {
    const body = createBody(spec, { ...at, secretsFolder: '/dev/shm/s' })
    expect(body).toMatchObject({
      HostConfig: { Mounts: [{ Source: '/dev/shm/s', Target: '/run/secrets', ReadOnly: true }] },
    })
    expect(JSON.stringify(body)).not.toContain('sup3r-secret')
  })
})
