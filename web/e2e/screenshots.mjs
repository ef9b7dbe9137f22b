// Pictures of the main states, from the real map: node e2e/screenshots.mjs DIR (docs/ by default).
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { browser, drawn, open, server } from './lib.mjs'

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs')
const dir = resolve(process.argv[2] ?? docs)
const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const top = selector => page =>
  page
    .locator(selector)
    .first()
    .evaluate(e => e.scrollIntoView({ block: 'start' }))

const september = 'datetime=2022-09-01/2022-09-30'
const pictures = [
  { name: 'map', size: desk, query: `?c=70.62,39.98,9.25&${september}&sel=2022-09-14-bulakbashy-kekh` },
  { name: 'first-visit', size: desk, query: '' },
  {
    name: 'claims',
    size: desk,
    query: `?c=70.55,39.95,9.2&${september}&sel=2022-09-14-conflict`,
    act: top('.block'),
  },
  {
    name: 'asof',
    size: desk,
    query: `?c=70.55,39.95,9.2&${september}&sel=2022-09-14-conflict&asof=2022-09-18`,
  },
  {
    name: 'ramit',
    size: desk,
    query:
      '?c=69.25,38.72,9&datetime=1998-03-01/1998-05-31&area=ramit-gorge-1998&metric=captured&sel=1998-03-24-kofarnihon-clashes',
  },
  {
    name: 'border',
    size: desk,
    query: '?c=70.6,39.9,9.4&datetime=2022-09-16&list=border&seg=vorukh-perimeter-2023',
  },
  {
    name: 'filters',
    size: desk,
    query: '?c=70.3,39.9,8.6&type=armed_clash,shooting_incident&min=1',
    act: page => page.locator('.filters summary').click(),
  },
  {
    name: 'table',
    size: desk,
    query: '?view=table&sortby=-high&type=armed_clash,mine_explosion',
    map: false,
  },
  { name: 'download', size: desk, query: `?${september}`, act: page => page.keyboard.press('x') },
  { name: 'dark', size: desk, query: '?c=70.4,39.9,8.4&theme=dark' },
  { name: 'contrast', size: desk, query: '?c=70.4,39.9,8.4&theme=contrast' },
  { name: 'empty', size: desk, query: '?datetime=1993-01-01/1993-01-31&type=abduction' },
  { name: 'failed', size: desk, query: '', break: true },
  { name: 'no-webgl', size: desk, query: '?datetime=1998-03-01/1998-05-31', flags: ['--disable-3d-apis'] },
  { name: 'phone', size: phone, query: '' },
  { name: 'phone-card', size: phone, query: '?datetime=1998-03-01/1998-05-31&sel=1998-03-30-ramit-release' },
  {
    name: 'phone-filters',
    size: phone,
    query: '?datetime=2022-01-01/2022-12-31',
    act: page => page.locator('.filters summary').click(),
  },
]
// The guide shows these; all of them with ALL=1.
const inGuide = ['map', 'claims', 'asof', 'border', 'filters', 'table', 'phone']

mkdirSync(dir, { recursive: true })
const { url, stop } = await server()
try {
  for (const p of pictures.filter(p => process.env.ALL || inGuide.includes(p.name))) {
    const chrome = await browser(...(p.flags ?? []))
    const { page } = await open(chrome, { ...p.size, colorScheme: p.scheme ?? 'light' })
    // As with a graphics card: without one the map is coarser.
    await page.addInitScript(() => {
      const of = WebGL2RenderingContext.prototype
      const getParameter = of.getParameter
      of.getParameter = function (name) {
        return name === 0x9246 ? 'a graphics card' : getParameter.call(this, name)
      }
    })
    if (p.break) await page.route('**/collections/incidents/items?*', r => r.abort())
    await page.goto(`${url}/${p.query}`)
    if (!p.flags && p.map !== false) await drawn(page)
    if (p.query.includes('sel=')) await page.locator('.claims .claim').first().waitFor()
    await p.act?.(page)
    // Fonts and the last tiles.
    await page.waitForTimeout(900)
    const file = join(dir, `screenshot-${p.name}.png`)
    await page.screenshot({ path: file })
    console.log(file)
    await chrome.close()
  }
} finally {
  stop()
}
