import { z } from 'zod'

/** The machine that figures were measured on. Figures of different places are never compared; ratios may be. */
export const machinePlace = z.object({
  cores: z.int().positive(),
  memoryBytes: z.number().positive(),
  platform: z.string(),
  node: z.string(),
})

export type MachinePlace = z.output<typeof machinePlace>

/** "2 cores, 24 GiB, linux x64, Node.js v24.21.0" */
export const placeText = ({ cores, memoryBytes, platform, node }: MachinePlace): string =>
  `${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB, ${platform}, Node.js ${node}`
