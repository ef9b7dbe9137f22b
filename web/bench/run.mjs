// make bench-web: what the map costs a reader whose store holds COUNT made-up incidents, as Markdown.
//
//   node bench/run.mjs --count 1000000 [--store FILE] [--visits 5] [--only visits|scores] [-o FILE]
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { browser, root, server } from '../e2e/lib.mjs'
import { medians, screens, visit } from './measure.mjs'
import { report } from './report.mjs'
import { score } from './score.mjs'

const { values: asked } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    store: { type: 'string' },
    visits: { type: 'string', default: '5' },
    only: { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
})

// What a reader opens. The places on the map are those of the synthetic incidents.
const views = [
  { name: 'the map, first visit', query: '' },
  { name: 'the map, a year and a kind', query: '?datetime=2022&type=armed_clash' },
]
const scored = [
  { name: 'map', query: '', goal: { desktop: 80, mobile: 75 } },
  { name: 'table', query: '?view=table', goal: { desktop: 98, mobile: 95 } },
]

const dir = mkdtempSync(join(tmpdir(), 'demarc-bench-'))
const store = asked.store ?? join(dir, 'many.gpkg')
try {
  if (!existsSync(store)) {
    console.error(`making a store with ${asked.count} incidents`)
    execFileSync('go', ['run', './cmd/bench', 'store', '-count', asked.count, '-o', store], {
      cwd: root,
      stdio: 'inherit',
    })
  }
  const many = await server('--store', store)
  const few = await server('--data', join(root, 'data', 'curated'))
  try {
    const { numberMatched } = await (
      await fetch(`${many.url}/collections/incidents/items?limit=1&resultType=hits`)
    ).json()
    const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`
    const out = { incidents: numberMatched, machine, visits: [], scores: [] }
    if (asked.only !== 'scores') out.visits = await visits(many.url)
    if (asked.only !== 'visits')
      out.scores = await scores([
        ['shipped', few.url],
        [`${numberMatched}`, many.url],
      ])
    out.load = loadavg()[1]
    const text = report(out)
    console.log(text)
    if (asked.output) writeFileSync(resolve(root, asked.output), text)
  } finally {
    many.stop()
    few.stop()
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}

/** Each view on each screen, in turn, and the medians. The first round, which warms the server up, is left out. */
async function visits(url) {
  const out = views.flatMap(view => screens.map(screen => ({ view, screen, all: [] })))
  for (let round = 0; round <= Number(asked.visits); round++) {
    for (const o of out) {
      const chrome = await browser()
      const figures = await visit(chrome, `${url}/${o.view.query}`, o.screen)
      await chrome.close()
      if (round > 0) o.all.push(figures)
      console.error(`${o.view.name}, ${o.screen.name}: ${JSON.stringify(figures)}`)
    }
  }
  return out.map(({ view, screen, all }) => ({ view: view.name, screen: screen.name, figures: medians(all) }))
}

async function scores(services) {
  const out = []
  for (const [store, url] of services)
    for (const page of scored)
      for (const form of ['desktop', 'mobile']) {
        const found = await score(`${url}/${page.query}`, form, 3)
        console.error(`${store}, ${page.name}, ${form}: ${JSON.stringify(found)}`)
        out.push({ store, page: page.name, form, goal: page.goal[form], ...found })
      }
  return out
}
