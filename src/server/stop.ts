import type { AllCommands } from '../engine/index.ts'
import type { GatewayHost } from './world/gateways.ts'

/** Gateways let what is in flight be answered for so long. */
const drainMs = 10_000

/**
 * Gateways first, so that nobody is sent to an instance that goes; then all that runs: instances, steps, measurements.
 * What is wanted is started again with the next `up`.
 * @throws PlimsollError PLM_NOT_ENDED
 */
export async function stopEverything(
  gateways: Pick<GatewayHost, 'stopAll'>,
  commands: Pick<AllCommands, 'endAll'>,
): Promise<void> {
  await gateways.stopAll(drainMs)
  await commands.endAll()
}
