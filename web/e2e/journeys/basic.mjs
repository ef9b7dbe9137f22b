// The map and its list: opening, narrowing, choosing, sharing.

import {
  ask,
  axe,
  becomes,
  check,
  equal,
  focused,
  journey,
  leads,
  listed,
  pointAt,
  ready,
  rows,
  tabTo,
  title,
  until,
} from '../journey.mjs'
import { address, browser, drawn, open, place } from '../lib.mjs'

journey('open: list and map are drawn and tell the same as the API', async ({ page, url }) => {
  await page.goto(url)
  await ready(page)
  const { numberMatched, features } = await ask(url, '/collections/incidents/items?limit=1000')
  await listed(page, numberMatched)
  const [, incidents, segments] = await drawn(page, (_, n) => n > 50)
  const inside = f => f.geometry && f.geometry.coordinates[0] > 60 && f.geometry.coordinates[0] < 80
  check(incidents <= features.filter(inside).length, `more incidents drawn (${incidents}) than there are`)
  check(segments > 10, `only ${segments} segments drawn`)
  check(
    (await page.locator('.credits').innerText()).includes('OpenStreetMap contributors (ODbL)'),
    'attribution',
  )
  check(
    (await page.locator('.credits').innerText()).includes('mapped approximations'),
    'notice of approximation',
  )
})

journey(
  'first visit: the introduction offers areas; one click shows Ramit Gorge in 1998, one more a card',
  async ({ page, url }) => {
    await page.goto(url)
    await ready(page)
    await page.getByRole('button', { name: 'Ramit Gorge, Kofarnihon' }).click()
    await page.getByText('Second group of captured soldiers released in Ramit Gorge').first().waitFor()
    const { numberMatched } = await ask(
      url,
      '/collections/incidents/items?bbox=68.7,38.4,69.75,39.1&datetime=1998-03-01/1998-05-31',
    )
    await listed(page, numberMatched)
    await leads(page, 'area=ramit-gorge-1998')
    await page.getByRole('link', { name: /Second group of captured soldiers/ }).click()
    await page.locator('.claims .claim').first().waitFor()
    check((await title(page)).includes('released in Ramit Gorge'), await title(page))
    await page.goto(`${url}/?datetime=1998-03-01/1998-05-31`)
    await ready(page)
    equal(await page.locator('.intro').count(), 0, 'introductions on a shared link')
  },
)

journey('filter by period: date fields, list, map, API, Back', async ({ page, url }) => {
  await page.goto(`${url}/?c=70.55,39.9,8`)
  await ready(page)
  const before = await rows(page).count()
  await page.getByLabel('From', { exact: true }).fill('2022-09-14')
  await page.getByLabel('To', { exact: true }).fill('2022-09-20')
  await page.waitForFunction(n => document.querySelectorAll('ol.rows > li').length < n, before)
  await leads(page, 'datetime=2022-09-14/2022-09-20')
  const { features } = await ask(
    url,
    '/collections/incidents/items?limit=1000&datetime=2022-09-14/2022-09-20',
  )
  await becomes(
    async () =>
      (
        await rows(page)
          .locator('[data-row]')
          .evaluateAll(links => links.map(a => a.dataset.row))
      ).sort(),
    features.map(f => f.id).sort(),
    'incidents listed',
  )
  await drawn(page, (_, n) => n > 0 && n <= features.length)
  await page.goBack()
  await page.goBack()
  await listed(page, before)
})

journey('filter by period: the brush by pointer and by keys', async ({ page, url }) => {
  await page.goto(`${url}/?c=70.55,39.9,8`)
  await ready(page)
  const brush = await page.locator('.brush').boundingBox()
  await page.mouse.move(brush.x + brush.width * 0.5, brush.y + 20)
  await page.mouse.down()
  await page.mouse.move(brush.x + brush.width * 0.6, brush.y + 20, { steps: 4 })
  await page.mouse.move(brush.x + brush.width * 0.8, brush.y + 20, { steps: 4 })
  await page.mouse.up()
  const period = async () => (await address(page)).searchParams.get('datetime')
  await until(async () => (await period()) !== null, 'the brush sets no period')
  const range = await period()
  check(/^20\d\d-\d\d-01\/20\d\d-\d\d-\d\d$/.test(range), `whole months in ${range}`)
  await page.goBack()
  await becomes(period, null, 'one step back undoes the whole drag')
  const thumb = page.getByRole('slider', { name: 'Start of the period' })
  await thumb.focus()
  for (let i = 0; i < 30; i++) await page.keyboard.press('PageUp')
  await page.keyboard.press('ArrowRight')
  await becomes(period, '2021-02-01/..', 'the period after thirty years and a month by keys')
  await becomes(() => thumb.getAttribute('aria-valuetext'), '1 Feb 2021', 'the thumb in words')
  await page.waitForFunction(() => document.querySelectorAll('ol.rows > li').length < 60)
})

journey(
  'filter by kind and by claims: counts beside the choices hold',
  async ({ page, url }) => {
    await page.goto(url)
    await ready(page)
    await page.locator('.filters summary').click()
    const choice = page.locator('#filters .choices label', { hasText: 'Agreement' })
    const promised = Number(await choice.locator('.n').innerText())
    await choice.locator('input').check()
    await listed(page, promised)
    await leads(page, 'type=agreement')
    await page.getByRole('button', { name: 'Remove filter: Kind: Agreement' }).click()
    await page.locator('.choices label', { hasText: 'claims conflict' }).locator('input').check()
    await leads(page, 'figures=conflicting')
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1&figures=conflicting')
    await listed(page, numberMatched)
  },
  { plain: true },
)

journey(
  'select in the list: card with claims, sources and links; Escape returns the focus to the row',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=1998-03-20/1998-04-10`)
    await ready(page)
    await page.getByRole('link', { name: /Second group of captured soldiers/ }).click()
    await page.locator('.claims .claim').first().waitFor()
    equal(await title(page), 'Second group of captured soldiers released in Ramit Gorge', 'title')
    await leads(page, 'sel=1998-03-30-ramit-release')
    const card = page.locator('.card')
    const struck = await card.locator('.claim s').allInnerTexts()
    check(struck.includes('about 40'), `the superseded figure is struck: ${struck}`)
    check((await card.innerText()).includes('superseded by 50 (30 Mar 1998)'), 'what took its place')
    const columns = await card
      .locator('.block')
      .first()
      .locator('.column')
      .evaluateAll(cs => cs.map(c => Math.round(c.getBoundingClientRect().width)))
    check(
      columns.length >= 3 && Math.max(...columns) - Math.min(...columns) <= 1,
      `equal columns: ${columns}`,
    )
    check((await card.locator('.sources a[target=_blank]').count()) > 0, 'links to sources')
    check(
      (await card
        .locator('a[href="/collections/incidents/items/1998-03-30-ramit-release?f=html"]')
        .count()) === 1,
      'page link',
    )
    const answer = await fetch(`${url}/collections/incidents/items/1998-03-30-ramit-release?f=html`)
    equal(answer.status, 200, 'the page')
    await page.keyboard.press('Escape')
    await page.waitForFunction(
      () => document.activeElement?.getAttribute('data-row') === '1998-03-30-ramit-release',
    )
    equal(await page.locator('.card').count(), 0, 'cards')
  },
  { plain: true },
)

journey(
  'a non-answer stays in words, and is never 0',
  async ({ page, url }) => {
    await page.goto(`${url}/?sel=1998-03-24-kofarnihon-clashes`)
    await page.locator('.claims .claim').first().waitFor()
    const said = page.locator('.claim', { hasText: 'declined to disclose' }).first()
    await said.waitFor()
    equal(await said.locator('.mark').count(), 0, 'marks on the scale')
    check(!/\b0\b/.test(await said.locator('.value').innerText()), 'it says 0')
  },
  { plain: true },
)

journey(
  'select on the map: a symbol opens its card, several at one point open a list',
  async ({ page, url }) => {
    await page.goto(`${url}/?c=70.3,38.9,8.6&datetime=1997-01-01/1998-12-31`)
    await ready(page)
    const all = (
      await ask(url, '/collections/incidents/items?limit=1000&datetime=1997-01-01/1998-12-31')
    ).features.filter(f => f.geometry)
    const near = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1])
    const alone = all.find(
      f =>
        near(f.geometry.coordinates, [70.3, 38.9]) < 0.6 &&
        all.every(g => g === f || near(f.geometry.coordinates, g.geometry.coordinates) > 0.2),
    )
    check(alone, 'no incident stands alone there')
    const at = await place(page, ...alone.geometry.coordinates)
    await pointAt(page, at, page.locator('.row.hovered'))
    equal(
      await page.locator('.row.hovered [data-row]').getAttribute('data-row'),
      alone.id,
      'the row that lights up',
    )
    await page.mouse.click(at.x, at.y)
    await page.locator('.card h2').waitFor()
    await becomes(() => title(page), alone.properties.title, 'title')
    await page.getByRole('button', { name: 'Close' }).click()

    const pile = all.find(
      f => all.filter(g => near(f.geometry.coordinates, g.geometry.coordinates) === 0).length > 1,
    )
    await page.goto(`${url}/?c=${pile.geometry.coordinates.join(',')},13&datetime=1997-01-01/1998-12-31`)
    await ready(page)
    await drawn(page, n => n > 0)
    const there = await place(page, ...pile.geometry.coordinates)
    await page.mouse.click(there.x, there.y)
    await page.locator('.pile button').first().waitFor()
    const name = (await page.locator('.pile button').first().innerText()).split('\n').at(-1).trim()
    await page.locator('.pile button').first().click()
    await page.locator('.card h2').waitFor()
    await becomes(() => title(page), name, 'title of the one chosen')
  },
)

journey(
  'a row under the pointer is marked on the map, and a choice far away is brought into sight',
  async ({ page, url }) => {
    await page.goto(`${url}/?c=69.2,38.6,9`)
    await ready(page)
    await page.getByRole('link', { name: 'September 2022 border conflict' }).click()
    // On its way there it may tell where it is.
    await until(
      async () => Math.abs((await address(page)).searchParams.get('c').split(',')[0] - 70.82) < 0.1,
      async () => `the map went to ${await address(page)}`,
    )
  },
)

journey('keyboard alone: from loading to a link to a source', async ({ page, url }) => {
  await page.goto(`${url}/?datetime=1998-03-20/1998-04-10`)
  await ready(page)
  await page.keyboard.press('Tab')
  equal(await focused(page), 'Skip to the list of incidents', 'first stop')
  await page.keyboard.press('Enter')
  await tabTo(page, '[data-row]', 6)
  await page.keyboard.press('ArrowDown')
  const chosen = await focused(page)
  await page.keyboard.press('Enter')
  await page.locator('.claims .claim').first().waitFor()
  equal(await title(page), chosen, 'the card')
  const focus = selector => page.evaluate(s => document.activeElement?.matches(s) ?? false, selector)
  await until(() => focus('#card-title'), 'focus is not on the title of the card')
  await tabTo(page, '.refs a', 60)
  await page.keyboard.press('Enter')
  await until(() => focus('.sources li'), 'a reference does not lead to its source')
  await tabTo(page, '.sources a', 4)
  check(/^https?:/.test(await page.evaluate(() => document.activeElement.href)), 'the link leads out')
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.activeElement?.matches('[data-row]'))
  equal(await focused(page), chosen, 'focus returned')
})

journey('the border changes with the date: 16 September 2022 and 1 June 2025', async ({ page, url }) => {
  const statuses = async date => {
    await page.goto(`${url}/?datetime=${date}&list=border`)
    const { features } = await ask(url, `/collections/segments/items?limit=1000&datetime=${date}`)
    await becomes(() => page.locator('.segment-row').count(), features.length, `segments on ${date}`)
    await drawn(page)
    const kinds = await page
      .locator('.status-group h2')
      .evaluateAll(hs =>
        hs
          .map(h => h.childNodes[1].textContent.trim())
          .filter(words => words !== 'other exclaves, for context'),
      )
    return {
      kinds,
      api: [...new Set(features.filter(f => f.properties.role !== 'context').map(f => f.properties.status))]
        .length,
    }
  }
  const then = await statuses('2022-09-16')
  const now = await statuses('2025-06-01')
  check(
    then.kinds.includes('contested') && !then.kinds.includes('delimited by treaty'),
    `2022: ${then.kinds}`,
  )
  check(now.kinds.includes('delimited by treaty') && !now.kinds.includes('contested'), `2025: ${now.kinds}`)
  equal([then.kinds.length, now.kinds.length], [then.api, now.api], 'kinds of status')
})

journey('a segment: named, dated, sourced, and said to be an approximation', async ({ page, url }) => {
  await page.goto(`${url}/?c=70.62,39.86,10&datetime=2022-09-16&hide=incidents,rings`)
  await drawn(page, (_, _n, segments) => segments > 0)
  const { features } = await ask(url, '/collections/segments/items?limit=1000&datetime=2022-09-16')
  const ring = features.find(f => f.id === 'vorukh-perimeter-2023')
  const [lon, lat] = ring.geometry.coordinates[Math.floor(ring.geometry.coordinates.length * 0.4)]
  const at = await place(page, lon, lat)
  await page.mouse.click(at.x, at.y)
  await page.locator('.card-segment .status-name').waitFor()
  equal(await page.locator('.status-name').innerText(), 'contested', 'status')
  check(
    (await page.locator('.card-segment').innerText()).includes('Border lines are mapped approximations'),
    'notice',
  )
  check((await page.locator('.card-segment .sources a').count()) > 0, 'links to the sources of the status')
  await leads(page, 'seg=vorukh-perimeter-2023')
  const answers = await Promise.all(
    (await page.locator('.card-segment .links a').evaluateAll(as => as.map(a => a.href))).map(a =>
      fetch(a).then(r => r.status),
    ),
  )
  equal(
    answers,
    answers.map(() => 200),
    'answers to the links of the card',
  )
})

journey('a shared link opens the same screen in another browser', async ({ page, url }) => {
  await page.goto(`${url}/?c=70.55,39.95,9.5`)
  await ready(page)
  await page.getByLabel('From', { exact: true }).fill('2022-09-01')
  await page.getByLabel('To', { exact: true }).fill('2022-09-30')
  await page.getByRole('link', { name: 'September 2022 border conflict' }).click()
  await page.locator('.claims .claim').first().waitFor()
  const screen = async p => ({
    url: (await address(p)).href,
    rows: await rows(p).count(),
    card: await p.locator('.card').innerText(),
    chosen: await p.locator('.row.chosen').innerText(),
    dates: await p.locator('input.date').evaluateAll(is => is.map(i => i.value)),
  })
  await page.locator('.around li').first().waitFor()
  const drawing = await drawn(page)
  const elsewhere = await browser()
  const other = await open(elsewhere)
  await other.page.goto((await address(page)).href)
  await other.page.locator('.around li').first().waitFor()
  await becomes(() => drawn(other.page), drawing, 'what the map of the other draws')
  // Both may still be fetching parts of the card.
  await becomes(
    async () => differences(await screen(other.page), await screen(page)),
    null,
    'the screen of the one who got the link',
  )
  await elsewhere.close()
})

/** What is not the same on two screens, as [one, other]; null for nothing. */
function differences(one, other) {
  const names = Object.keys(one).filter(k => JSON.stringify(one[k]) !== JSON.stringify(other[k]))
  return names.length === 0 ? null : names.map(k => [one[k], other[k]])
}

journey(
  'a phone of 375 pixels: nothing sticks out, targets are large, the journey works',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=1998-03-20/1998-04-10`)
    await ready(page)
    const fits = when =>
      becomes(
        () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        0,
        `pixels that stick out ${when}`,
      )
    await fits('at first')
    await page.getByRole('button', { name: /^Period/ }).tap()
    await page.getByLabel('From', { exact: true }).waitFor()
    await fits('with the period open')
    await page.getByRole('button', { name: /^Period/ }).tap()
    await page.locator('.filters summary').tap()
    const done = page.getByRole('button', { name: 'Show 4 incidents' })
    let at
    await until(
      async () => {
        at = await done.boundingBox()
        return at.y + at.height <= 812 && at.height >= 44
      },
      () => `the way out of the filters is at ${at.y}, ${at.height} high`,
    )
    await done.tap()
    await page.getByRole('link', { name: /Second group of captured soldiers/ }).tap()
    await page.locator('.claims .claim').first().waitFor()
    await fits('with a card')
    const close = await page.getByRole('button', { name: 'Close' }).boundingBox()
    check(close.width >= 44 && close.height >= 44, `the close button is ${close.width} × ${close.height}`)
    await axe(page, 'on a phone with a card')
    await page.getByRole('button', { name: 'Close' }).tap()
    await rows(page).first().waitFor()
    await axe(page, 'on a phone')
  },
  { width: 375, height: 812, hasTouch: true, isMobile: true },
)
