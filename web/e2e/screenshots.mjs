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

const pictures = [
  {
    name: 'map',
    size: desk,
    query: '?c=70.62,39.98,9.25&datetime=2022-09-01/2022-09-30&sel=2022-09-14-bulakbashy-kekh',
  },
  { name: 'first-visit', size: desk, query: '' },
  {
    name: 'claims',
    size: desk,
    query: '?c=70.55,39.95,9.2&datetime=2022-09-01/2022-09-30&sel=2022-09-14-conflict',
    act: top('.card h3'),
  },
  {
    name: 'ramit-1998',
    size: desk,
    query:
      '?c=69.25,38.72,9&datetime=1998-03-01/1998-05-31&area=ramit-gorge-1998&sel=1998-03-30-ramit-release',
    act: top('.card h3'),
  },
  {
    name: 'border-2022',
    size: desk,
    query: '?c=70.45,39.9,9&datetime=2022-09-16&list=border&seg=vorukh-perimeter-2023',
  },
  { name: 'border-2025', size: desk, query: '?c=70.45,39.9,9&datetime=2025-06-01&list=border' },
  {
    name: 'filters',
    size: desk,
    query: '?type=armed_clash,shooting_incident',
    act: page => page.locator('.filters summary').click(),
  },
  { name: 'dark', size: desk, query: '?c=70.4,39.9,8.4', scheme: 'dark' },
  { name: 'empty', size: desk, query: '?datetime=1993-01-01/1993-01-31&type=abduction' },
  { name: 'failed', size: desk, query: '', break: true },
  { name: 'no-webgl', size: desk, query: '?datetime=1998-03-01/1998-05-31', flags: ['--disable-3d-apis'] },
  { name: 'phone', size: phone, query: '' },
  { name: 'phone-list', size: phone, query: '?c=70.55,39.95,8.6&datetime=2022-09-01/2022-09-30' },
  {
    name: 'phone-card',
    size: phone,
    query: '?datetime=1998-03-01/1998-05-31&sel=1998-03-30-ramit-release',
    act: top('.card h3'),
  },
  {
    name: 'phone-period',
    size: phone,
    query: '?datetime=2022-01-01/2022-12-31',
    act: page => page.locator('.time-toggle').click(),
  },
]

mkdirSync(dir, { recursive: true })
const { url, stop } = await server()
try {
  for (const p of pictures) {
    const chrome = await browser(...(p.flags ?? []))
    const { page } = await open(chrome, { ...p.size, colorScheme: p.scheme ?? 'light' })
    if (p.break) await page.route('**/collections/incidents/items?*', r => r.abort())
    await page.goto(`${url}/${p.query}`)
    if (!p.flags) await drawn(page)
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
