// Weighs the build: fails when a part outgrows its budget (gzip, as the server sends it).
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')
const weigh = file => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
const assets = readdirSync(join(dist, 'assets')).map(name => `assets/${name}`)

const isMap = name => /\/map-[\w-]+\.js$|worker/.test(name)
const groups = [
  { name: 'app code', limit: 60_000, files: assets.filter(f => /\.m?js$/.test(f) && !isMap(f)) },
  {
    name: 'map library and worker',
    limit: 460_000,
    files: assets.filter(f => /\.m?js$/.test(f) && isMap(f)),
  },
  { name: 'styles', limit: 20_000, files: assets.filter(f => f.endsWith('.css')) },
  { name: 'page', limit: 2_000, files: ['index.html'] },
]

let over = 0
for (const g of groups) {
  const bytes = g.files.reduce((n, f) => n + weigh(f), 0)
  const kB = n => `${(n / 1000).toFixed(1)} kB`
  const verdict = bytes <= g.limit ? 'ok' : 'TOO LARGE'
  if (bytes > g.limit || g.files.length === 0) over++
  console.log(`${g.name}: ${kB(bytes)} gzipped of ${kB(g.limit)}: ${verdict}`)
}
process.exitCode = over > 0 ? 1 : 0
