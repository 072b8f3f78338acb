import { createContext } from 'react'

/** Whose clocks tell times: those of a service's team; of whoever looks, where what is shown is nobody's in particular. */
export const Clocks = createContext<string | undefined>(undefined)
