// What the journeys are made of: their registry, checks that say what they wanted, and the questions they often ask.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { address, drawn, patience } from './lib.mjs'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const journeys = []
/** `flags` are further flags of the browser; `plain` runs without WebGL, which is faster, where no map is needed. */
export const journey = (name, run, { flags = [], plain = false, ...page } = {}) =>
  journeys.push({ name, run, flags, plain, page })

export function check(condition, what) {
  if (!condition) throw new Error(what)
}
export function equal(got, want, what) {
  const [g, w] = [got, want].map(x => JSON.stringify(x))
  if (g === w) return
  // Of long values, the part where they part.
  let at = 0
  while (g?.[at] === w?.[at]) at++
  const part = x => (x && x.length > 400 ? `… ${x.slice(Math.max(0, at - 80), at + 200)} …` : x)
  throw new Error(`${what}: got ${part(g)}, want ${part(w)}`)
}

/** Waits until `get` gives what is wanted: what follows from a click may take its time. */
export async function becomes(get, want, what) {
  const end = Date.now() + patience
  const wanted = JSON.stringify(want)
  for (;;) {
    const got = await get()
    if (JSON.stringify(got) === wanted) return
    if (Date.now() > end) equal(got, want, what)
    await new Promise(done => setTimeout(done, 50))
  }
}
/** Waits until `holds` is true; `what` is a text or says why it is not. */
export async function until(holds, what) {
  const end = Date.now() + patience
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(typeof what === 'string' ? what : await what())
    await new Promise(done => setTimeout(done, 50))
  }
}
/** Waits until the address of the page has this in it. */
export const leads = (page, part) =>
  until(
    async () => (await address(page)).href.includes(part),
    async () => `${part} is not in ${(await address(page)).href}`,
  )
/** Waits until the address of the page no longer has this in it. */
export const drops = (page, part) =>
  until(
    async () => !(await address(page)).href.includes(part),
    async () => `${part} is still in ${(await address(page)).href}`,
  )
/** Moves the pointer to a place, as often as it takes, until there is what it should find there. */
export const pointAt = (page, { x, y }, found) => {
  let k = 0
  return until(async () => {
    await page.mouse.move(x + (k++ % 2), y)
    return found.isVisible()
  }, `nothing is found at ${x},${y}`)
}
/** Holds back the answers about incidents; what is returned lets them go. */
export async function hold(page) {
  let go
  const held = new Promise(resolve => {
    go = resolve
  })
  await page.route('**/collections/incidents/items?*', async r => {
    await held
    await r.continue()
  })
  return go
}
/** Tabs on until the focus is on what matches. */
export async function tabTo(page, want, limit) {
  for (let i = 0; i < limit; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(w => document.activeElement?.matches(w) ?? false, want)) return
  }
  throw new Error(`no Tab leads to ${want}`)
}

export const rows = page => page.locator('ol.rows > li')
/** Waits until the list has so many rows. */
export const listed = (page, n, what = 'rows') => becomes(() => rows(page).count(), n, what)
export const title = page => page.locator('.card h2').first().innerText()
export const focused = page => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
export const ask = async (url, path) => (await fetch(url + path)).json()

export async function ready(page) {
  await page.locator('ol.rows > li').first().waitFor()
  if (!page.plain) await drawn(page)
}

export async function axe(page, where) {
  // What is hidden from the eye must not stretch the page: a focus moved there would scroll the whole screen away.
  const beyond = await page.evaluate(() => {
    const app = document.querySelector('.app')
    const root = document.documentElement
    return Math.max(root.scrollHeight - root.clientHeight, app.scrollHeight - app.clientHeight)
  })
  equal(beyond, 0, `pixels by which the page outgrows its window ${where}`)
  await page.evaluate(axeSource)
  const broken = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } })
    return violations.map(
      v =>
        `${v.id}: ${v.nodes
          .map(n => n.target.join(' '))
          .slice(0, 4)
          .join(', ')}`,
    )
  })
  equal(broken, [], `axe violations ${where}`)
}
