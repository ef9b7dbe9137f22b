// Runs the journeys: real clicks and keys in a real browser against the real server. Plain output; ends with a count.
import './journeys/basic.mjs'
import './journeys/served.mjs'
import './journeys/trouble.mjs'
import './journeys/time.mjs'
import './journeys/query.mjs'
import './journeys/take.mjs'
import './journeys/access.mjs'
import { equal, journeys } from './journey.mjs'
import { browser, open, server } from './lib.mjs'

const only = process.argv[2]
const { url, log, stop } = await server()
let failed = 0
const started = Date.now()
const chosen = journeys.filter(j => !only || j.name.includes(only))

async function travel({ name, run, flags, plain, page }, browsers) {
  const chrome = flags.length > 0 ? await browser(...flags) : plain ? browsers.plain : browsers.usual
  const tab = await open(chrome, page)
  tab.page.plain = plain
  const begin = Date.now()
  try {
    await run({ ...tab, url, chrome })
    equal(tab.account.foreign, [], 'requests to other hosts')
    equal(tab.account.refused, [], 'refusals by the content security policy')
    equal(tab.account.errors, [], 'errors in the console')
    console.log(`ok      ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`)
  } catch (err) {
    failed++
    const told = String(err?.message ?? err)
      .split('\n')
      .slice(0, 12)
    console.log(`FAILED  ${name}\n        ${told.join('\n        ')}`)
    if (process.env.E2E_SHOTS)
      await tab.page.screenshot({ path: `${process.env.E2E_SHOTS}/${failed}.png` }).catch(() => {})
  }
  await tab.close()
  if (flags.length > 0) await chrome.close()
}

try {
  const browsers = {
    usual: await browser(),
    plain: await browser('--disable-3d-apis', '--disable-webgl', '--disable-webgl2'),
  }
  // Two at a time: much of a journey is waiting.
  const queue = [...chosen]
  const work = async () => {
    for (let j = queue.shift(); j; j = queue.shift()) await travel(j, browsers)
  }
  await Promise.all([work(), work()])
  await browsers.usual.close()
  await browsers.plain.close()
} finally {
  stop()
}
if (failed > 0) for (const line of log) console.log(`server  ${line}`)
console.log(
  `${chosen.length - failed} of ${chosen.length} journeys passed in ${((Date.now() - started) / 1000).toFixed(0)} s`,
)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
