// The two times: when it happened, and what was known.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, axe, check, equal, journey, ready, rows } from '../journey.mjs'
import { program, server } from '../lib.mjs'

const conflict = '2022-09-14-conflict'
const killed = page => page.locator('.headline li').first().innerText()

journey(
  'the toll of September 2022 as known on 17, 18 and 25 September',
  async ({ page, url }) => {
    await page.goto(`${url}/?sel=${conflict}`)
    await page.locator('.claims .claim').first().waitFor()
    const was = await killed(page)
    for (const [day, words] of [
      ['2022-09-17', 'Killed 24'],
      ['2022-09-18', 'Killed 97–100'],
      ['2022-09-25', 'Killed 103'],
    ]) {
      await page.locator('#asof').fill(day)
      await page.waitForFunction(w => document.querySelector('.headline')?.textContent.startsWith(w), words)
      check(page.url().includes(`asof=${day}`), page.url())
      const { properties: p } = await ask(url, `/collections/incidents/items/${conflict}?asof=${day}`)
      const ends = [...new Set([p.killed_low, p.killed_high])].join('–')
      check((await killed(page)).startsWith(`Killed ${ends}`), `${await killed(page)}, API: ${ends}`)
      const notice = page.locator('.asof-notice')
      await notice.getByText('made later are left out').waitFor()
      const dates = await page
        .locator('.claimant')
        .evaluateAll(cs => cs.map(c => /(\d\d?) Sep 2022/.exec(c.textContent)?.[1]).filter(Boolean))
      check(
        dates.every(d => Number(d) <= Number(day.slice(8))),
        `claims made later are shown as of ${day}: ${dates}`,
      )
      // The list says the same as the card.
      await page.locator(`[data-row="${conflict}"]`).waitFor()
      const row = page.locator('.row', { has: page.locator(`[data-row="${conflict}"]`) })
      check((await row.innerText()).includes(words), `the list does not say ${words}`)
    }
    await page.getByRole('button', { name: 'Show all that is known' }).click()
    await page.waitForFunction(w => document.querySelector('.headline')?.innerText.startsWith(w), was)
    equal(await page.locator('.asof-notice').count(), 0, 'notices of a day of knowledge')
  },
  { plain: true },
)

journey(
  'what was not known yet is in no list: an incident of 2022 as of 1998',
  async ({ page, url }) => {
    await page.goto(`${url}/?asof=1998-04-10`)
    await ready(page)
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1&asof=1998-04-10')
    equal(await rows(page).count(), numberMatched, 'rows')
    check(numberMatched > 0 && numberMatched < 30, `${numberMatched} incidents known in April 1998`)
  },
  { plain: true },
)

journey(
  'how a figure changed: each day of the chart leads to what was known then',
  async ({ page, url }) => {
    await page.goto(`${url}/?sel=${conflict}`)
    await page.locator('.history-days button').first().waitFor()
    await page.getByRole('button', { name: 'Show what was known on 18 Sep 2022' }).first().click()
    check(page.url().includes('asof=2022-09-18'), page.url())
    await page.waitForFunction(() => document.querySelector('.headline')?.textContent.includes('97–100'))
    await page.keyboard.press('Escape')
    await page.keyboard.press(']')
    check(!page.url().includes('sel='), 'Escape closes the card')
  },
  { plain: true },
)

journey(
  'play moves the period on, and stops',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=2020-01-01/2020-12-31`)
    await ready(page)
    await page.getByRole('button', { name: 'Play' }).click()
    await page.waitForFunction(() => location.search.includes('datetime=2021-01-01/2021-12-31'))
    await page.getByRole('button', { name: 'Stop' }).click()
    const at = page.url()
    await page.waitForTimeout(1500)
    equal(page.url(), at, 'the address after Stop')
  },
  { plain: true },
)

journey(
  'the status of a segment stands under the time line, in words, too',
  async ({ page, url }) => {
    await page.goto(`${url}/?seg=vorukh-perimeter-2023`)
    await page.locator('.lane').waitFor()
    const words = await page.locator('.lane').getAttribute('aria-label')
    check(words.includes('contested from 27 Apr 2013 to 3 Dec 2024'), words)
  },
  { plain: true },
)

journey(
  'a change elsewhere is announced quietly, and shown when asked for',
  async ({ page }) => {
    const store = ['--store', join(mkdtempSync(join(tmpdir(), 'demarc-')), 'live.gpkg')]
    const own = await server(...store)
    try {
      const made = execFileSync(program, [
        'token',
        'create',
        ...store,
        '--name',
        'Journey',
        '--role',
        'editor',
      ])
      const token = /demarc_[\w-]+/.exec(String(made))?.[0]
      await page.goto(`${own.url}/?datetime=1998-03-20/1998-04-10`)
      await ready(page)
      const listens = await page.waitForRequest(r => r.url().endsWith('/events'))
      check(listens, 'nobody listens')
      await page.waitForTimeout(800)
      const id = '1998-03-30-ramit-release'
      const answer = await fetch(`${own.url}/collections/incidents/items/${id}`, {
        method: 'PATCH',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/merge-patch+json' },
        body: JSON.stringify({ properties: { title: 'Release in Ramit Gorge, told anew' } }),
      })
      equal(answer.status, 204, `the change: ${await answer.text()}`)
      await page.getByText('1 change since you opened this page').waitFor()
      check(!(await page.locator('.rows').innerText()).includes('told anew'), 'the list changed by itself')
      await page.locator('.news').getByRole('button', { name: 'Show' }).click()
      await page.getByText('told anew').first().waitFor()
      equal(await page.locator('.news').count(), 0, 'announcements')
    } finally {
      own.stop()
    }
  },
  { plain: true },
)

journey('dates are typed as people write them, in the page’s own form', async ({ page, url }) => {
  await page.goto(`${url}/?lang=tg`)
  await rows(page).first().waitFor()
  const from = page.getByLabel('Аз', { exact: true })
  equal(await from.getAttribute('placeholder'), 'СССС-ММ-РР', 'the form of a date')
  await from.fill('18 сентябр 2022')
  await from.press('Enter')
  equal(await from.inputValue(), '2022-09-18', 'the first day')
  const to = page.getByLabel('То', { exact: true })
  await to.fill('10.2022')
  await to.press('Tab')
  equal(await to.inputValue(), '2022-10-31', 'the last day of a month')
  check(page.url().includes('datetime=2022-09-18/2022-10-31'), page.url())
  await to.fill('фардо')
  await to.press('Enter')
  await page.locator('.bad-date').waitFor()
  equal(await to.getAttribute('aria-invalid'), 'true', 'what is no date')
  check(page.url().includes('datetime=2022-09-18/2022-10-31'), 'the period changed')
  await to.fill('2022-09-25')
  await page.locator('.bad-date').waitFor({ state: 'detached' })
  await to.press('ArrowUp')
  equal(await to.inputValue(), '2022-09-26', 'the day after')
})

journey('by keys: the period moves, the view is a list, near the segment', async ({ page, url }) => {
  await page.goto(`${url}/?datetime=2022-01-01/2022-12-31&c=70.5,39.95,9&seg=vorukh-perimeter-2023`)
  await ready(page)
  await page.keyboard.press(',')
  check(page.url().includes('datetime=2021-01-01/2021-12-31'), page.url())
  await page.keyboard.press('.')
  check(page.url().includes('datetime=2022-01-01/2022-12-31'), page.url())
  await page.keyboard.press('g')
  const list = page.locator('.in-view li')
  await list.first().waitFor()
  check((await list.count()) > 3, `${await list.count()} in view`)
  await axe(page, 'in the list of what is in view')
  await list.first().locator('button').click()
  await page.locator('.card h2').first().waitFor()
  await page.keyboard.press('n')
  check(/near=[\w-]+,5km/.test(page.url()), page.url())
})
