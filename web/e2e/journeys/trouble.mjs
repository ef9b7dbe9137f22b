// What goes wrong, and what is not there: said, and mended where it can be.
import {
  ask,
  axe,
  becomes,
  check,
  drops,
  equal,
  hold,
  journey,
  listed,
  ready,
  rows,
  until,
} from '../journey.mjs'
import { drawn } from '../lib.mjs'

journey('failed: the list says so, the rest stays, Try again mends it', async ({ page, url, account }) => {
  let block = true
  await page.route('**/collections/incidents/items?*', r => (block ? r.abort() : r.continue()))
  await page.goto(url)
  const failed = page.locator('.state.failed')
  await failed.waitFor()
  check((await failed.innerText()).includes('The server did not answer.'), await failed.innerText())
  await drawn(page, (_, n, segments) => n > 50 && segments > 5)
  await axe(page, 'in the failed state')
  block = false
  await failed.getByRole('button', { name: 'Try again' }).click()
  await rows(page).first().waitFor()
  account.errors.length = 0
})

journey(
  'failed: a refusal is told in the words of the server',
  async ({ page, url, account }) => {
    await page.route('**/collections/incidents/items?*', r =>
      r.fulfill({
        status: 400,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          title: 'Bad',
          detail: 'The parameter is wrong',
          errors: [{ parameter: 'datetime', detail: 'not a time' }],
        }),
      }),
    )
    await page.goto(`${url}/?datetime=2022-09-16`)
    await page.locator('.state.failed li').first().waitFor()
    const told = () => page.locator('.state.failed').innerText()
    for (const part of ['(400)', 'The parameter is wrong', 'datetime: not a time'])
      await until(
        async () => (await told()).includes(part),
        async () => `${part} in: ${await told()}`,
      )
    account.errors.length = 0
  },
  { plain: true },
)

journey(
  'an answer in many pages is read to its end',
  async ({ page, url }) => {
    let pages = 0
    await page.route('**/collections/incidents/items?*', r => {
      pages++
      return r.continue({ url: r.request().url().replace('limit=1000', 'limit=20') })
    })
    await page.goto(url)
    await rows(page).first().waitFor()
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1')
    await listed(page, numberMatched)
    equal(pages, Math.ceil(numberMatched / 20), 'pages asked for')
  },
  { plain: true },
)

journey('the drawing is lost: said, and Try again draws anew', async ({ page, url }) => {
  await page.goto(url)
  await ready(page)
  await page.evaluate(() => {
    const gl = document.querySelector('.maplibregl-canvas').getContext('webgl2')
    gl.getExtension('WEBGL_lose_context').loseContext()
  })
  await page.getByText('The graphics card stopped drawing the map.').waitFor()
  check((await rows(page).count()) > 50, 'the list is gone')
  await page.getByRole('button', { name: 'Try again' }).click()
  await drawn(page, (_, n) => n > 50)
})

journey(
  'loading is told apart from empty',
  async ({ page, url }) => {
    const go = await hold(page)
    await page.goto(url)
    await page.getByText('Loading incidents …').waitFor()
    equal(await page.locator('.state.empty').count(), 0, 'empty states while loading')
    go()
    await rows(page).first().waitFor()
    await becomes(() => page.getByText('Loading incidents …').count(), 0, 'loading states')
  },
  { plain: true },
)

journey(
  'empty: says what to remove or widen, and each way works',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=1993-01-01/1993-01-02&type=abduction`)
    const empty = page.locator('.state.empty')
    await empty.waitFor()
    await axe(page, 'in the empty state')
    await empty.getByRole('button', { name: /ask for all dates/ }).click()
    await rows(page).first().waitFor()
    await drops(page, 'datetime')
    await page.goto(`${url}/?datetime=1993-01-01/1993-01-02&type=abduction`)
    await empty.getByRole('button', { name: 'Remove all filters' }).click()
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1')
    await listed(page, numberMatched)
  },
  { plain: true },
)

journey(
  'without WebGL the list works, and the map says why it is not there',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=1998-03-20/1998-04-10`)
    await page.getByText('This browser cannot draw the map').waitFor()
    await page.getByRole('link', { name: /Second group of captured soldiers/ }).click()
    await page.locator('.claims .claim').first().waitFor()
    await axe(page, 'without WebGL')
  },
  { plain: true },
)
