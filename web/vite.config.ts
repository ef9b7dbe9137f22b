import { fileURLToPath } from 'node:url'
import { type Plugin, transformWithOxc } from 'vite'
import { defineConfig } from 'vitest/config'

// DEMARC_URL lets `npm run dev` talk to a running `demarc serve`.
const api = process.env.DEMARC_URL ?? 'http://127.0.0.1:8080'

/**
 * Builds the map library from the sources in its package, page and worker in one build, so that what both use
 * (half of the worker's weight in the package's own bundles) is one file, fetched and compiled once. Only for the
 * build: `npm run dev` takes the package's bundles.
 */
function mapLibrary(): Plugin {
  const source = (file: string) =>
    fileURLToPath(new URL(`node_modules/maplibre-gl/src/${file}`, import.meta.url))
  const worker = '\0map-worker'
  return {
    name: 'map-library',
    apply: 'build',
    enforce: 'pre',
    resolveId(id) {
      if (id === 'maplibre-gl') return source('index.ts')
      return id === 'maplibre-gl/dist/maplibre-gl-worker.mjs?url' ? worker : null
    },
    load(id) {
      if (id !== worker) return null
      const file = this.emitFile({ type: 'chunk', id: source('source/worker.ts'), name: 'map-worker' })
      return `export default import.meta.ROLLUP_FILE_URL_${file}`
    },
    transform(code, id) {
      // Its classes declare members that the constructor of the class above them sets.
      // Go by the end of the path: node_modules may be a link.
      if (!/\/maplibre-gl\/src\/.*\.ts$/.test(id)) return null
      return transformWithOxc(code, id, {
        assumptions: { setPublicClassFields: true },
        typescript: { removeClassFieldsWithoutInitializer: true },
      })
    },
  }
}

export default defineConfig({
  base: '/',
  plugins: [mapLibrary()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Nothing may become a data: URL: fonts and workers must obey the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // What the first screen needs, and others share, is one file: apart, each is packed worse.
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: /node_modules\/(@?preact)|\/src\/(text\/(en|en-card|en-words|grammar|index|read-date)|api|big|dates|figures|filters|geo|palette|resource|start|state|store|symbols|map\/looks|panel\/(icons|states|lazy))\.tsx?$|vite\/preload-helper/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { '/collections': api, '/api': api, '/conformance': api } },
  // No test may fail because others keep the machine busy.
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000 },
})
