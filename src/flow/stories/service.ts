import { type ServiceCommand, type ServiceState, service } from '../service.ts'
import type { Story } from '../story.ts'

/** A service and its pushes. It needs to see nothing: it is told. */
export const serviceStory = (): Story<ServiceState, undefined, ServiceCommand> => ({
  machine: service,
  see: async () => undefined,
})
