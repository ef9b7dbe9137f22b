// Weighs the build: fails when a part outgrows its budget (gzip, as the server sends it).
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist')
const weigh = file => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length
const assets = readdirSync(join(dist, 'assets')).map(name => `assets/${name}`)

const scripts = assets.filter(f => /\.m?js$/.test(f))
// What the page names in its head is there before the first screen, and so is what that imports at once.
const first = new Set()
const follow = file => {
  if (first.has(file)) return
  first.add(file)
  const code = readFileSync(join(dist, file), 'utf8')
  for (const [, name] of code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
    follow(`assets/${name}`)
}
for (const [, name] of readFileSync(join(dist, 'index.html'), 'utf8').matchAll(
  /src="\/(assets\/[\w.-]+\.js)"/g,
))
  follow(name)
const isDraw = f => /\/draw-/.test(f)

const groups = [
  { name: 'scripts before the first useful screen', limit: 45_000, files: [...first] },
  { name: 'all scripts, of every language and every part', limit: 490_000, files: scripts },
  { name: 'drawing an area', limit: 40_000, files: scripts.filter(isDraw) },
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
