export { type GatewayControl, gatewayControl } from './client.ts'
export { findGateway, type GatewayStart, startGateway, stopGateway, upgradeGateway } from './processes.ts'
export { tailRequests } from './request-tail.ts'
export type { GatewayTable } from './table.ts'
