export { type Bundle, bundleFolder, hashFolder, hashSelection } from './bundle.ts'
export { overlayBundle, unpackBundle } from './unpack.ts'
export { everything, type FileEntry, listFiles, type Selection } from './walk.ts'
