// What the journeys and the screenshots share: a server, a browser that reaches nothing else, and a page that keeps
// account of what it asked for and what the content security policy refused.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** How long a journey waits for anything, in ms: a machine with other work may be ten times slower than a free one. */
export const patience = 120_000

/** The program under test. */
export const program = process.env.DEMARC_BIN ?? join(root, 'bin', 'demarc')

/** The address of a server: DEMARC_URL, else one that we start and stop. */
export async function server(...more) {
  const given = process.env.DEMARC_URL
  if (given && more.length === 0) return { url: given.replace(/\/$/, ''), log: [], stop: () => {} }
  // Without a store of its own it reads the records as they are, and leaves none behind.
  const own = more.some(flag => flag === '--store' || flag === '--data')
  const data = own ? [] : ['--data', join(root, 'data', 'curated')]
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...data, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { DEMARC_TIMEOUT: '4m', ...process.env }, // no answer is late on a slow machine
  })
  // Its log is of use only where a journey fails.
  const log = []
  child.stderr.on('data', part => {
    log.push(...String(part).trimEnd().split('\n'))
    log.splice(0, log.length - 40)
  })
  const url = await new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(
      () => reject(new Error(`${program} named no address: ${said}`)),
      own ? 600_000 : patience,
    )
    child.stdout.on('data', part => {
      said += part
      const found = /http:\/\/[\w.:[\]-]+/.exec(said)
      if (!found) return
      clearTimeout(late)
      resolve(found[0])
    })
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`${program} ended with ${code}: ${said}${log.join('\n')}`)))
  })
  return { url, log, stop: () => child.kill('SIGTERM') }
}

/** A browser; `more` are further flags. */
export function browser(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--enable-unsafe-swiftshader',
      // A drawing that takes long is no drawing that hangs.
      '--disable-gpu-watchdog',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Nothing but this machine can be reached.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...more,
    ],
  })
}

/** A fresh page with its own storage. `account` fills while it lives. */
export async function open(chrome, { width = 1440, height = 900, ...more } = {}) {
  const context = await chrome.newContext({
    viewport: { width, height },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...more,
  })
  context.setDefaultTimeout(patience)
  context.setDefaultNavigationTimeout(patience)
  const page = await context.newPage()
  const account = { foreign: [], refused: [], errors: [] }
  page.on('request', r => {
    const { protocol, hostname } = new URL(r.url())
    if (/^https?:$/.test(protocol) && hostname !== '127.0.0.1') account.foreign.push(r.url())
  })
  page.on('pageerror', e => account.errors.push(e.message))
  page.on('console', m => {
    if (m.type() === 'error') account.errors.push(m.text())
    if (/content security policy/i.test(m.text())) account.refused.push(m.text())
  })
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', e =>
      console.error(`content security policy: ${e.violatedDirective} ${e.blockedURI}`),
    )
  })
  return { page, account, close: () => context.close() }
}

/** Waits until the map rests with all it has; returns [symbols, incidents in them, segments]. */
export async function drawn(page, holds = () => true) {
  const end = Date.now() + patience
  let told = 'nothing'
  for (;;) {
    const last = (await page.getAttribute('.canvas', 'data-drawn')) ?? ''
    if (last) told = last
    const counts = last.split(' ').map(Number)
    if (last && holds(...counts)) return counts
    if (Date.now() > end) throw new Error(`the map did not come to that: drawn ${told}`)
    await page.waitForTimeout(50)
  }
}

/** The address of the page as the page itself has it: what the browser tells of it comes later. */
export async function address(page) {
  return new URL(await page.evaluate(() => location.href))
}

/** Where a position lies in the page, by the view in the address (Web Mercator, tiles of 512). */
export async function place(page, lon, lat) {
  const [clon, clat, zoom] = (await address(page)).searchParams.get('c').split(',').map(Number)
  const box = await page.locator('.canvas').boundingBox()
  const world = 512 * 2 ** zoom
  const x = l => ((l + 180) / 360) * world
  const y = l => (0.5 - Math.log(Math.tan(Math.PI / 4 + (l * Math.PI) / 360)) / (2 * Math.PI)) * world
  return { x: box.x + box.width / 2 + x(lon) - x(clon), y: box.y + box.height / 2 + y(lat) - y(clat) }
}
