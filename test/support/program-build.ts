import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Where the files are to be in the end: `program.ts` names the folder after what it is built from. */
const [folder = ''] = process.argv.slice(2)

/** Each module believes that it lies where its source does: it finds what stands beside it, and starts that from there. */
const inItsPlace: Plugin = {
  name: 'in its place',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(join(root, 'src')) || !code.includes('import.meta.url')) return
    return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null }
  },
}

/** But the command line starts the server that was built with it. */
const server = `new URL('../main.ts', import.meta.url)`
const startingTheBuiltServer: Plugin = {
  name: 'starting the built server',
  enforce: 'pre',
  transform(code, id) {
    if (id !== join(root, 'src/server/processes/end-all.ts')) return
    if (!code.includes(server)) throw new Error(`${id} does not say ${server} any more`)
    return {
      code: code.replace(server, JSON.stringify(pathToFileURL(join(folder, 'server.js')).href)),
      map: null,
    }
  },
}

const built = `${folder}-${process.pid}`
await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [startingTheBuiltServer, inItsPlace],
  ssr: { noExternal: true, external: ['oxc-parser'] },
  build: {
    ssr: true,
    outDir: built,
    minify: false,
    target: 'node24',
    rollupOptions: {
      input: { cli: join(root, 'src/cli/main.ts'), server: join(root, 'src/server/main.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
    },
  },
})
// Another may have been quicker, and is being run already.
try {
  renameSync(built, folder)
} catch (error) {
  if (!existsSync(folder)) throw error
  rmSync(built, { recursive: true, force: true })
}
