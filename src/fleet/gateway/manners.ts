import { type GatewayConfig, usualGateway } from '../gateway-config.ts'
import { type Network, readNetwork } from './addresses.ts'
import { Proxies } from './forwarding.ts'
import type { EjectionRules } from './outliers.ts'
import type { IdHeader } from './request-id.ts'
import type { RequestLog } from './request-log.ts'

/** How requests are treated, made ready for each of them. */
export type Manners = {
  /** Undefined: ids are left as they are. */
  readonly id: IdHeader | undefined
  readonly proxies: Proxies
  readonly perInstance: GatewayConfig['perInstance']
  /** Undefined: nobody is ejected. */
  readonly ejection: EjectionRules | undefined
  /** Undefined: it is off. */
  readonly log: Pick<RequestLog, 'add'> | undefined
}

const networkOf = (text: string): Network[] => {
  const network = readNetwork(text)
  return network ? [network] : []
}

/** @param log that is told what is wanted of it */
export function mannersOf(log: RequestLog, config: GatewayConfig = usualGateway): Manners {
  const { requestId, trustedProxies, clientHeader, accessLog, ejection, perInstance } = config
  log.serve(accessLog || undefined)
  return {
    perInstance,
    ejection: ejection || undefined,
    log: accessLog ? log : undefined,
    id: requestId === false ? undefined : { name: requestId, lower: requestId.toLowerCase() },
    proxies: new Proxies(trustedProxies.flatMap(networkOf), clientHeader),
  }
}
