// One visit to the map in a fresh browser, and what it costs: times, blocking, memory, requests, frames.

/** Desktop and phone. `slow` is how many times slower than this machine's the processor is made. */
export const screens = [
  { name: 'desktop', width: 1440, height: 900, slow: 1 },
  { name: 'phone', width: 390, height: 844, slow: 4, isMobile: true, hasTouch: true },
]

/** In the page, before anything else: when things were there, and what kept it busy. */
function watch() {
  const seen = {
    table: null,
    list: null,
    drawn: null,
    drawnLast: null,
    what: '',
    blocked: 0,
    shift: 0,
    frames: [],
  }
  globalThis.seen = seen
  new PerformanceObserver(list => {
    for (const e of list.getEntries()) seen.blocked += Math.max(0, e.duration - 50)
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver(list => {
    for (const e of list.getEntries()) if (!e.hadRecentInput) seen.shift += e.value
  }).observe({ type: 'layout-shift', buffered: true })
  let last = 0
  const look = now => {
    if (seen.panning) seen.frames.push(now - last)
    last = now
    if (seen.table === null && document.querySelector('.records tbody tr')) seen.table = now
    if (seen.list === null && document.querySelector('[data-row]')) seen.list = now
    const what = document.querySelector('.canvas')?.getAttribute('data-drawn') ?? ''
    if (what !== '' && what !== seen.what) {
      seen.drawn ??= now
      seen.drawnLast = now
      seen.what = what
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

/** Visits an address; resolves to figures by name: milliseconds, MB, kB or plain numbers. */
export async function visit(chrome, url, { slow, ...screen }) {
  const context = await chrome.newContext({
    viewport: { width: screen.width, height: screen.height },
    locale: 'en-GB',
    ...screen,
  })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  if (slow > 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: slow })
  const sizes = []
  page.on('requestfinished', r => sizes.push(r.sizes().catch(() => null)))
  await page.addInitScript(watch)
  await page.goto(url, { waitUntil: 'commit' })
  // Idle: what the map says it has drawn has not changed for two seconds.
  await page.waitForFunction(
    () =>
      globalThis.seen.list !== null &&
      globalThis.seen.drawnLast !== null &&
      performance.now() - globalThis.seen.drawnLast > 2000,
    null,
    { timeout: 180_000, polling: 250 },
  )
  const loaded = (await Promise.all(sizes)).filter(s => s !== null)
  const figures = await page.evaluate(() => {
    const paint = performance.getEntriesByType('paint').find(e => e.name === 'first-contentful-paint')
    const { table, list, drawnLast, blocked, shift } = globalThis.seen
    return { paint: paint?.startTime ?? null, table, list, idle: drawnLast, blocked, shift }
  })
  figures.requests = loaded.length
  figures.kB = loaded.reduce((n, s) => n + s.responseBodySize + s.responseHeadersSize, 0) / 1000
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  figures.heap = metrics.find(m => m.name === 'JSHeapUsedSize').value / 1e6
  figures.nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  Object.assign(figures, await pan(page))
  await context.close()
  return figures
}

/** Drags the map to and fro for five seconds, and tells how far apart the frames were. */
async function pan(page) {
  const box = await page.locator('.canvas').boundingBox()
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.evaluate(() => {
    globalThis.seen.panning = true
  })
  const end = Date.now() + 5000
  for (let k = 0; Date.now() < end; k++) {
    await page.mouse.move(x + Math.sin(k / 9) * box.width * 0.3, y + Math.cos(k / 9) * box.height * 0.2)
  }
  const frames = await page.evaluate(() => {
    globalThis.seen.panning = false
    return globalThis.seen.frames.slice(1)
  })
  await page.mouse.up()
  frames.sort((a, b) => a - b)
  const all = frames.reduce((n, f) => n + f, 0)
  return {
    fps: (frames.length * 1000) / all,
    p50: at(frames, 0.5),
    p95: at(frames, 0.95),
    worst: frames.at(-1) ?? 0,
  }
}

/** The median of each figure of several visits. */
export function medians(visits) {
  const out = {}
  for (const name of Object.keys(visits[0])) {
    const sorted = visits.map(v => v[name]).sort((a, b) => a - b)
    out[name] = sorted[Math.floor(sorted.length / 2)]
  }
  return out
}
