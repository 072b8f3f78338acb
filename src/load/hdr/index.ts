export { decodeHdr, encodeHdr, type HdrHistogram, type HdrRange } from './hdr.ts'
