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
/** No journey takes longer, in ms: whatever hangs must not hold up the rest. */
const limit = 600_000
const main = await server()
const { url, stop } = main
let failed = 0
const started = Date.now()
const chosen = journeys.filter(j => !only || j.name.includes(only))

/** What a server says beside its requests. */
const complaints = ({ log }) => log.filter(line => !line.includes('level=INFO'))

function within(ms, work) {
  let timer
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`it did not end within ${ms / 1000} s`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const kinds = { usual: [], plain: ['--disable-3d-apis', '--disable-webgl', '--disable-webgl2'] }
const browsers = {}
/** The browser that journeys of a kind share; another one if it has fallen over. */
function shared(kind) {
  browsers[kind] = (async () => {
    const was = await browsers[kind]
    return was?.isConnected() ? was : browser(...kinds[kind])
  })()
  return browsers[kind]
}

async function travel({ name, run, flags, plain, page }, again = false) {
  const chrome = await (flags.length > 0 ? browser(...flags) : shared(plain ? 'plain' : 'usual'))
  const tab = await open(chrome, page)
  tab.page.plain = plain
  // Its own servers end after its page, which would complain.
  const servers = []
  const serve = async (...more) => {
    servers.push(await server(...more))
    return servers.at(-1)
  }
  const begin = Date.now()
  let crashed = false
  tab.page.on('crash', () => {
    crashed = true
  })
  try {
    await within(limit, run({ ...tab, url, chrome, serve }))
    equal(tab.account.foreign, [], 'requests to other hosts')
    equal(tab.account.refused, [], 'refusals by the content security policy')
    equal(tab.account.errors, [], 'errors in the console')
    console.log(`ok      ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`)
  } catch (err) {
    crashed ||= !chrome.isConnected()
    const told = String(err?.message ?? err)
      .split('\n')
      .slice(0, 12)
    console.log(`${crashed ? 'CRASHED' : 'FAILED '} ${name}\n        ${told.join('\n        ')}`)
    for (const own of servers) for (const line of complaints(own)) console.log(`its server  ${line}`)
    if (process.env.E2E_SHOTS)
      await tab.page.screenshot({ path: `${process.env.E2E_SHOTS}/${failed + 1}.png` }).catch(() => {})
    if (again || !crashed) failed++
  }
  await tab.close().catch(() => {})
  for (const own of servers) own.stop()
  if (flags.length > 0) await chrome.close()
  // A browser that falls over says nothing of the map; one that does so twice may.
  if (crashed && !again) await travel({ name, run, flags, plain, page }, true)
}

try {
  // Two at a time: much of a journey is waiting.
  const queue = [...chosen]
  const work = async () => {
    for (let j = queue.shift(); j; j = queue.shift()) await travel(j)
  }
  await Promise.all([work(), work()])
  for (const kind of Object.keys(browsers)) await (await browsers[kind]).close()
} finally {
  stop()
}
if (failed > 0) for (const line of complaints(main)) console.log(`server  ${line}`)
console.log(
  `${chosen.length - failed} of ${chosen.length} journeys passed in ${((Date.now() - started) / 1000).toFixed(0)} s`,
)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
