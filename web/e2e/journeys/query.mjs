// Asking: what the list, the table, the map and the API say to the same question.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiTypes } from '../../scripts/api-types.mjs'
import {
  ask,
  becomes,
  check,
  drops,
  equal,
  journey,
  leads,
  pointAt,
  ready,
  rows,
  until,
} from '../journey.mjs'
import { address, drawn, open, place, program } from '../lib.mjs'

const ids = page => page.locator('[data-row]').evaluateAll(links => links.map(a => a.dataset.row))

/** Goes to another state of the open page, as Back and Forward do; what follows from it at once is there then. */
async function go(page, query) {
  await page.evaluate(q => {
    history.pushState(null, '', q)
    dispatchEvent(new PopStateEvent('popstate'))
    return new Promise(done => setTimeout(done))
  }, `/${query}`)
}

/** Waits until the incidents listed, or in the table, are these. */
async function shows(page, wanted, what) {
  await page
    .waitForFunction(
      n =>
        document.querySelectorAll('[data-row]').length === n && !document.querySelector('[aria-busy=true]'),
      wanted.length,
    )
    .catch(() => {})
  await becomes(async () => (await ids(page)).sort(), wanted.map(f => f.id).sort(), what)
}

// A small generator with a seed: SEED=… npm run e2e repeats a run.
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
let rolls = seed
const random = () => {
  rolls = (Math.imul(rolls, 1_664_525) + 1_013_904_223) >>> 0
  return rolls / 2 ** 32
}
const some = list => list.filter(() => random() < 0.3)
const pick = list => list[Math.floor(random() * list.length)]

function randomQuery(values) {
  const parts = []
  const add = (name, list) => list.length > 0 && parts.push(`${name}=${list.join(',')}`)
  const year = () => 1992 + Math.floor(random() * 34)
  if (random() < 0.5) {
    const [a, b] = [year(), year()].sort()
    parts.push(`datetime=${pick([`${a}-02-03/${b}-11-20`, `${a}/..`, `../${b}-06`])}`)
  }
  if (random() < 0.3) parts.push(`asof=${year()}-${pick(['01-31', '09-18', '12-31'])}`)
  if (random() < 0.4) add('type', some(values.type))
  if (random() < 0.3) add('figures', some(values.figures))
  if (random() < 0.2) add('occurrence', some(values.occurrence))
  if (random() < 0.2) add('verification', some(values.verification))
  if (random() < 0.2) add('precision', some(values.location_precision))
  if (random() < 0.25) add('party', some(['KG', 'TJ', 'UZ', 'TJ-GOV', 'UTO']))
  if (random() < 0.25) parts.push(`metric=${pick(['killed', 'wounded', 'captured'])}&min=${pick([0, 1, 5])}`)
  if (random() < 0.15) parts.push(`max=${pick([0, 3, 60])}`)
  if (random() < 0.25) parts.push('bbox=69.2,39.3,72.2,40.4')
  if (random() < 0.2) parts.push('within=68.5,38;70.9,38.2;71.2,40.3;69.9,39.9')
  if (random() < 0.15) parts.push(`near=vorukh-perimeter-2023,${pick([5, 20, 60])}km`)
  if (random() < 0.3) parts.push(`inside=${pick(['certain', 'possible'])}`)
  if (random() < 0.25)
    parts.push(`q=${encodeURIComponent(pick(['vorukh', 'Ворух', 'bulak bashy', 'border', 'ак-сай']))}`)
  return `?c=71,40,4.6&hide=segments,areas,places,rings${parts.map(p => `&${p}`).join('')}`
}

const asPage = { headers: { accept: 'text/html' } }
const inside = ([lon, lat]) => lon > 61 && lon < 78 && lat > 34 && lat < 44

journey(
  'list, table, map, API and the page without scripts say the same to 50 random questions',
  async ({ page, url, chrome }) => {
    const all = (await ask(url, '/collections/incidents/items?limit=1000')).features
    const values = {}
    for (const name of ['type', 'figures', 'occurrence', 'location_precision'])
      values[name] = [...new Set(all.map(f => f.properties[name]).filter(Boolean))]
    values.verification = [...new Set(all.flatMap(f => f.properties.verification?.split('; ') ?? []))]
    await page.goto(`${url}/?c=71,40,4.6&hide=segments,areas,places,rings`)
    await ready(page)
    // Not in a tab beside it: of two tabs of a window, the one behind draws but once a second.
    const { page: table, close } = await open(chrome)
    await table.goto(`${url}/?view=table`)
    await table.locator('.table-pane [data-row]').first().waitFor()
    let found = 0
    for (let k = 0; k < 50; k++) {
      const query = randomQuery(values)
      const where = `SEED=${seed}, question ${k}: ${query}`
      await Promise.all([go(page, query), go(table, `${query}&view=table`)])
      // What the page itself would have others ask.
      const asked = await page.locator('.list-tools a').getAttribute('href')
      const { features, numberMatched } = await ask(url, asked)
      if (!features) throw new Error(`${where}: the API refuses ${asked}`)
      equal(features.length, numberMatched, `features of ${where}`)
      await shows(page, features, `incidents of ${where}`)
      await shows(table, features, `the table of ${where}`)
      // The same address as the server writes it, for who has no script.
      const told = /allow\. (\d+) incident/.exec(await (await fetch(`${url}/${query}`, asPage)).text())?.[1]
      equal(Number(told), numberMatched, `the server's own table of ${where}`)
      // Treaties were signed as far off as Moscow and Tehran: beyond the edge of the map.
      const placed = features.filter(f => f.geometry && inside(f.geometry.coordinates)).length
      await drawn(page, (_, n) => n === placed).catch(err => {
        throw new Error(`${where}: ${err.message}, want ${placed} incidents`)
      })
      found += Number(numberMatched > 0)
    }
    await close()
    check(found > 15, `only ${found} of 50 questions find anything`)
  },
  { width: 1000, height: 760 },
)

journey(
  'search finds a place by its Kyrgyz, Tajik or Russian name',
  async ({ page, url }) => {
    await page.goto(url)
    await ready(page)
    const before = await rows(page).count()
    await page.getByRole('searchbox').fill('Ворух')
    await page.waitForFunction(n => {
      const rows = document.querySelectorAll('[data-row]').length
      return rows > 0 && rows < n
    }, before)
    const found = await ids(page)
    await page.getByRole('searchbox').fill('vorukh')
    await page.waitForFunction(n => document.querySelectorAll('[data-row]').length >= n, found.length)
    const latin = await ids(page)
    check(
      found.every(id => latin.includes(id)),
      'the Latin name finds less than the Cyrillic one',
    )
  },
  { plain: true },
)

journey(
  'incidents within 5 km of a segment, from its card',
  async ({ page, url }) => {
    await page.goto(`${url}/?seg=vorukh-perimeter-2023&border=2022-09-16`)
    await page.getByRole('button', { name: 'Incidents within 5 km' }).click()
    await leads(page, 'near=vorukh-perimeter-2023,5km')
    const { features } = await ask(
      url,
      '/collections/incidents/items?limit=1000&near=segments/vorukh-perimeter-2023&within=5km',
    )
    await shows(page, features, 'incidents near the segment')
    await page.getByRole('button', { name: /Remove filter: Within 5 km of Vorukh/ }).click()
    await drops(page, 'near=')
  },
  { plain: true },
)

journey('draw an area on the map, also from a corner on an incident', async ({ page, url }) => {
  const { geometry } = await ask(url, '/collections/incidents/items/1998-03-30-ramit-release')
  const [x, y] = geometry.coordinates
  const corners = [
    [x, y],
    [x + 0.5, y],
    [x + 0.5, y + 0.3],
    [x, y + 0.3],
  ]
  const when = 'datetime=1998-03-20/1998-04-10'
  await page.goto(`${url}/?c=${(x + 0.25).toFixed(2)},${(y + 0.15).toFixed(2)},8.6&${when}`)
  await ready(page)
  await page.locator('.filters summary').click()
  await page.getByRole('button', { name: 'Draw an area' }).click()
  await page.getByText('Click the corners on the map').waitFor()
  for (const [lon, lat] of corners) {
    const at = await place(page, lon, lat)
    await page.mouse.move(at.x, at.y, { steps: 3 })
    await page.mouse.click(at.x, at.y)
  }
  const first = await place(page, ...corners[0])
  await page.mouse.move(first.x, first.y, { steps: 3 })
  await page.mouse.click(first.x, first.y)
  await page.waitForFunction(() => location.search.includes('within='))
  const ring = (await address(page)).searchParams
    .get('within')
    .split(';')
    .map(c => c.split(',').map(Number))
  equal(ring.length, 4, 'corners')
  for (const [k, [lon, lat]] of ring.entries())
    check(Math.hypot(lon - corners[k][0], lat - corners[k][1]) < 0.02, `corner ${k} is at ${lon},${lat}`)
  const wkt = [...ring, ring[0]].map(c => c.join(' ')).join(', ')
  const filter = encodeURIComponent(`S_INTERSECTS(geometry, POLYGON((${wkt})))`)
  const { features } = await ask(url, `/collections/incidents/items?limit=1000&${when}&filter=${filter}`)
  await shows(page, features, 'incidents of the area')
  equal(await page.locator('.card, .pile').count(), 0, 'what clicks opened that were corners')
})

journey(
  'type an area; numbers that are none are refused with what is right',
  async ({ page, url }) => {
    await page.goto(url)
    await ready(page)
    await page.keyboard.press('d')
    await page.getByLabel('West').fill('170')
    await page.getByLabel('South').fill('far')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Four numbers: west and east').waitFor()
    for (const [side, value] of [
      ['West', '68.7'],
      ['South', '38,4'],
      ['East', '69.75'],
      ['North', '39.1'],
    ])
      await page.getByLabel(side).fill(value)
    await page.getByRole('button', { name: 'Apply' }).click()
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1&bbox=68.7,38.4,69.75,39.1')
    await page.waitForFunction(n => document.querySelectorAll('[data-row]').length === n, numberMatched)
    await leads(page, 'bbox=68.7,38.4,69.75,39.1')
  },
  { plain: true },
)

journey('the base map comes in tiles, with all of its layers', async ({ page, url }) => {
  const asked = []
  page.on('response', r => r.url().includes('/basemap/') && asked.push([r.status(), r.url()]))
  await page.goto(`${url}/?c=76,42,6.2&hide=places`)
  await ready(page)
  await becomes(() => page.getAttribute('.canvas', 'data-base'), 'lakes land regions rivers', 'layers drawn')
  check(asked.length > 0, 'no tile of the base map was asked for')
  for (const [status, tile] of asked) check(status === 200, `${status} ${tile}`)
})

journey('without its tiles the base map says so, and the rest goes on', async ({ page, url, account }) => {
  await page.route(/\/basemap\//, route => route.abort())
  await page.goto(`${url}/?c=70.5,39.9,8`)
  await page.getByText('The base map could not be loaded.').waitFor()
  await drawn(page, (_, n) => n > 0)
  await page.unroute(/\/basemap\//)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('The base map could not be loaded.').waitFor({ state: 'detached' })
  account.errors.length = 0
})

journey('a place under the pointer tells its names in all languages', async ({ page, url }) => {
  await page.goto(`${url}/?c=70.62526,40.12649,10&hide=incidents,rings,segments`)
  await ready(page)
  const at = await place(page, 70.62526, 40.12649)
  const names = page.locator('.place-names')
  await pointAt(page, at, names)
  for (const name of ['Isfara', 'Исфара', 'Тоҷикӣ'])
    check((await names.innerText()).includes(name), await names.innerText())
  await page.mouse.move(at.x, at.y + 120)
  await names.waitFor({ state: 'detached' })
})

journey(
  'a layer that the operator brought has its place, and tells its attributes',
  async ({ page, serve }) => {
    const file = join(mkdtempSync(join(tmpdir(), 'demarc-')), 'camps.geojson')
    writeFileSync(
      file,
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: { name: 'Camp 7', beds: 120 },
            geometry: { type: 'Point', coordinates: [72.5, 41.2] },
          },
        ],
      }),
    )
    const own = await serve('--layer', `camps=${file}`)
    await page.goto(`${own.url}/?c=72.5,41.2,9&hide=incidents,places,rings`)
    await ready(page)
    if (!(await page.locator('.legend[open]').count())) await page.locator('.legend summary').click()
    await page.locator('.legend label', { hasText: 'camps' }).locator('input').check()
    await leads(page, 'layers=camps')
    await drawn(page)
    const at = await place(page, 72.5, 41.2)
    await page.mouse.click(at.x, at.y)
    const told = page.locator('.attributes')
    await told.waitFor()
    check((await told.innerText()).includes('Camp 7'), await told.innerText())
  },
)

journey(
  'too many incidents to hold come by tiles; list, counts and years come from the server',
  async ({ page, serve }) => {
    const dir = mkdtempSync(join(tmpdir(), 'demarc-'))
    const run = (...args) => execFileSync(program, args, { stdio: 'pipe' })
    run('synth', '--count', '2400', '-o', join(dir, 'many.geojsonl'))
    const mapping = {
      dataset: {
        id: 'many',
        publisher: 'Many',
        date: '2026-01',
        licence: 'CC0-1.0',
        claimant_type: 'dataset',
      },
      theatre: { value: 'other' },
      type: 'type',
      start: 'start',
      end: 'end',
      place: 'place',
      country: { value: 'KG' },
      parties: [{ name: { value: 'Somebody' }, kind: { value: 'residents' }, role: 'place' }],
      claims: [{ metric: 'killed', low: 'killed_low', high: 'killed_high', of: 0 }],
    }
    writeFileSync(join(dir, 'many.map.json'), JSON.stringify(mapping))
    const store = ['--store', join(dir, 'many.gpkg')]
    run(
      'import',
      ...store,
      '--theatre',
      'other',
      '--map',
      join(dir, 'many.map.json'),
      join(dir, 'many.geojsonl'),
    )
    const own = await serve(...store)
    const tiles = []
    page.on('response', r => r.url().includes('/tiles/') && tiles.push(r.status()))
    await page.goto(`${own.url}/?c=72,39.8,6&type=armed_clash,shelling`)
    await ready(page)
    const filter = encodeURIComponent("type IN ('armed_clash', 'shelling')")
    const { numberMatched } = await ask(own.url, `/collections/incidents/items?limit=1&filter=${filter}`)
    const [, incidents] = await drawn(page, (_, n) => n > 0)
    check(tiles.length > 0 && tiles.every(s => s === 200 || s === 204), `tiles: ${tiles}`)
    check(Math.abs(incidents - numberMatched) < numberMatched / 10, `${incidents} drawn of ${numberMatched}`)
    await page.locator('.summary', { hasText: `${numberMatched} incidents` }).waitFor()
    await page.locator('.filters summary').click()
    const choice = page.locator('#filters label', { hasText: 'Abduction' }).locator('.n')
    const other = await ask(own.url, '/collections/incidents/items?limit=1&type=abduction')
    await becomes(() => choice.innerText(), String(other.numberMatched), 'incidents beside a choice')
    const years = () => page.locator('.bars title').count()
    await until(
      async () => (await years()) > 20,
      async () => `${await years()} years`,
    )
  },
)

journey(
  'the types of the API are those of its definition',
  async ({ url }) => {
    const file = readFileSync(new URL('../../src/api.gen.ts', import.meta.url), 'utf8')
    equal(file, apiTypes(await ask(url, '/api?f=json')), 'src/api.gen.ts (npm run api-types makes it)')
  },
  { plain: true },
)
