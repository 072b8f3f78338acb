import { promisedIn } from '../watch/index.ts'
import { type Finding, finding } from './finding.ts'
import type { ServiceConfig } from './schema.ts'

type Config = Pick<ServiceConfig, 'environments' | 'slos'>

/** Squeezes that would always be refused: nothing says when it is too much. */
export const findUnpromised = ({ environments, slos }: Config): readonly Finding[] => {
  const counted = slos.filter(({ kind }) => kind === 'availability' || kind === 'latency')
  const promised = new Set(counted.flatMap((slo) => promisedIn(slo, environments)))
  return Object.entries(environments).flatMap(([name, { squeeze }]) => {
    if (!squeeze || promised.has(name)) return []
    const text = `is refused while neither slo.availability nor slo.latency is promised in ${name}: nothing would say when it is too much`
    return [finding(['environments', name, 'squeeze'], text)]
  })
}
