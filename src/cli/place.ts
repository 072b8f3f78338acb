import { type EnvironmentRow, type ServiceRow, servicesView } from '../contract/index.ts'
import { nearest, PlimsollError } from '../kernel/index.ts'
import type { Client } from './client.ts'

/** What of a client is needed to find a place. */
export type Asked = Pick<Client, 'folder' | 'get'>
export type Place = { readonly service: ServiceRow; readonly environment: EnvironmentRow }

function unknown(kind: string, found: string, allowed: readonly string[]): PlimsollError {
  const meant = nearest(found, allowed)
  const text = `there is no ${kind} ${found}; there is ${allowed.join(', ') || 'none'}`
  return new PlimsollError('PLM_NOT_FOUND', [{ text, ...(meant ? { didYouMean: meant } : {}) }])
}

/** The one named, or the only one that there is. */
function choose<T extends { readonly name: string }>(
  kind: string,
  all: readonly T[],
  name: string | undefined,
): T {
  const names = all.map((one) => one.name)
  const chosen = name === undefined && all.length === 1 ? all[0] : all.find((one) => one.name === name)
  if (chosen) return chosen
  if (name !== undefined) throw unknown(kind, name, names)
  throw new PlimsollError('PLM_USAGE', `say which ${kind}: ${names.join(', ') || 'there is none'}`)
}

/** @throws PLM_NOT_FOUND with the one that may be meant */
export const serviceNamed = (all: readonly ServiceRow[], name: string): ServiceRow =>
  choose('service', all, name)

/** The service that a folder is the repository of, if it is one. What reads it is only loaded where it is needed. */
export async function serviceOf(folder: string): Promise<string | undefined> {
  const { readConfig } = await import('../config/read.ts')
  return readConfig({ folder }).then(
    ({ config }) => config.service,
    () => undefined,
  )
}

/** The one named, the only one, or that of this folder. */
async function chooseService(
  { folder }: Asked,
  all: readonly ServiceRow[],
  name: string | undefined,
): Promise<ServiceRow> {
  const here = name === undefined && all.length > 1 ? await serviceOf(folder) : undefined
  return choose('service', all, name ?? (all.some((one) => one.name === here) ? here : undefined))
}

const servicesOf = async (client: Asked): Promise<readonly ServiceRow[]> =>
  (await client.get('/api/services', servicesView)).services

/**
 * Service and environment may be left out when there is one of them only, and the service where it is that of this
 * folder; one word may be either.
 */
export async function findPlace(client: Asked, words: readonly string[]): Promise<Place> {
  const services = await servicesOf(client)
  const [first, second] = words
  const isService = services.some((service) => service.name === first)
  const named = second !== undefined || isService
  const service = await chooseService(client, services, named ? first : undefined)
  const environment = choose('environment', service.environments, named ? second : first)
  return { service, environment }
}

export async function onlyService(client: Asked, name: string | undefined): Promise<string> {
  return (await chooseService(client, await servicesOf(client), name)).name
}

/** Service and environment as they were typed, each of which may be left out: one word that is no service is an environment. */
export async function wordsOf(
  client: Asked,
  words: readonly string[],
): Promise<{ readonly service?: string; readonly environment?: string }> {
  const [first, second] = words
  if (first === undefined) return {}
  if (second !== undefined) return { service: first, environment: second }
  const isService = (await servicesOf(client)).some(({ name }) => name === first)
  return isService ? { service: first } : { environment: first }
}

/** `production of payments` */
export const here = ({ service, environment }: Place): string => `${environment.name} of ${service.name}`
