import { defineConfig } from 'vitest/config'

// DEMARC_URL lets `npm run dev` talk to a running `demarc serve`.
const api = process.env.DEMARC_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Nothing may become a data: URL: fonts and workers must obey the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/collections': api, '/api': api, '/conformance': api } },
  test: { include: ['test/**/*.test.ts'] },
})
