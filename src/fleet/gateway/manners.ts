import { type GatewayConfig, usualGateway } from '../gateway-config.ts'
import { type Network, readNetwork } from './addresses.ts'
import { Proxies } from './forwarding.ts'
import type { IdHeader } from './request-id.ts'

/** How requests are treated, made ready for each of them. */
export type Manners = {
  /** Undefined: ids are left as they are. */
  readonly id: IdHeader | undefined
  readonly proxies: Proxies
}

const networkOf = (text: string): Network[] => {
  const network = readNetwork(text)
  return network ? [network] : []
}

export function mannersOf({
  requestId,
  trustedProxies,
  clientHeader,
}: GatewayConfig = usualGateway): Manners {
  return {
    id: requestId === false ? undefined : { name: requestId, lower: requestId.toLowerCase() },
    proxies: new Proxies(trustedProxies.flatMap(networkOf), clientHeader),
  }
}
