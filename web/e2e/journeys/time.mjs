// The two times: when it happened, and what was known.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ask,
  axe,
  becomes,
  check,
  drops,
  equal,
  journey,
  leads,
  listed,
  ready,
  rows,
  until,
} from '../journey.mjs'
import { address, program } from '../lib.mjs'

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
      await leads(page, `asof=${day}`)
      const { properties: p } = await ask(url, `/collections/incidents/items/${conflict}?asof=${day}`)
      const ends = [...new Set([p.killed_low, p.killed_high])].join('–')
      check((await killed(page)).startsWith(`Killed ${ends}`), `${await killed(page)}, API: ${ends}`)
      const notice = page.locator('.asof-notice')
      await notice.getByText('made later are left out').waitFor()
      const later = () =>
        page
          .locator('.claimant')
          .evaluateAll(
            (cs, d) => cs.map(c => Number(/(\d\d?) Sep 2022/.exec(c.textContent)?.[1])).filter(n => n > d),
            Number(day.slice(8)),
          )
      await becomes(later, [], `days of later claims shown as of ${day}`)
      // The list says the same as the card.
      await page.locator(`[data-row="${conflict}"]`).waitFor()
      const row = page.locator('.row', { has: page.locator(`[data-row="${conflict}"]`) })
      await row.getByText(words).waitFor()
    }
    await page.getByRole('button', { name: 'Show all that is known' }).click()
    await page.waitForFunction(w => document.querySelector('.headline')?.innerText.startsWith(w), was)
    await becomes(() => page.locator('.asof-notice').count(), 0, 'notices of a day of knowledge')
  },
  { plain: true },
)

journey(
  'what was not known yet is in no list: an incident of 2022 as of 1998',
  async ({ page, url }) => {
    await page.goto(`${url}/?asof=1998-04-10`)
    await ready(page)
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1&asof=1998-04-10')
    await listed(page, numberMatched)
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
    await leads(page, 'asof=2022-09-18')
    await page.waitForFunction(() => document.querySelector('.headline')?.textContent.includes('97–100'))
    await page.keyboard.press('Escape')
    await page.keyboard.press(']')
    // Escape closes the card.
    await drops(page, 'sel=')
  },
  { plain: true },
)

journey(
  'play moves the period on, and stops',
  async ({ page, url }) => {
    // From early on, lest it comes to its end before a slow machine has stopped it.
    await page.goto(`${url}/?datetime=1992-01-01/1992-12-31`)
    await ready(page)
    await page.getByRole('button', { name: 'Play' }).click()
    const year = async () => Number((await address(page)).searchParams.get('datetime').slice(0, 4))
    await until(async () => (await year()) > 1992, 'the period does not move')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Play' }).waitFor()
    const at = await year()
    await leads(page, `datetime=${at}-01-01/${at}-12-31`)
    await page.waitForTimeout(1500)
    equal(await year(), at, 'the year after Stop')
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
  async ({ page, serve }) => {
    const store = ['--store', join(mkdtempSync(join(tmpdir(), 'demarc-')), 'live.gpkg')]
    const own = await serve(...store)
    const args = ['token', 'create', ...store, '--name', 'Journey', '--role', 'editor']
    const made = execFileSync(program, args, { stdio: 'pipe' })
    const token = /demarc_[\w-]+/.exec(String(made))?.[0]
    const listens = page.waitForResponse(r => r.url().endsWith('/events'))
    await page.goto(`${own.url}/?datetime=1998-03-20/1998-04-10`)
    await ready(page)
    equal((await listens).status(), 200, 'the answer to who listens')
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
    await becomes(() => page.locator('.news').count(), 0, 'announcements')
  },
  { plain: true },
)

journey(
  'dates are typed as people write them, in the page’s own form',
  async ({ page, url }) => {
    await page.goto(`${url}/?lang=tg`)
    await rows(page).first().waitFor()
    const from = page.getByLabel('Аз', { exact: true })
    equal(await from.getAttribute('placeholder'), 'СССС-ММ-РР', 'the form of a date')
    await from.fill('18 сентябр 2022')
    await from.press('Enter')
    await becomes(() => from.inputValue(), '2022-09-18', 'the first day')
    const to = page.getByLabel('То', { exact: true })
    await to.fill('10.2022')
    await to.press('Tab')
    await becomes(() => to.inputValue(), '2022-10-31', 'the last day of a month')
    await leads(page, 'datetime=2022-09-18/2022-10-31')
    await to.fill('фардо')
    await to.press('Enter')
    await page.locator('.bad-date').waitFor()
    await becomes(() => to.getAttribute('aria-invalid'), 'true', 'what is no date')
    await leads(page, 'datetime=2022-09-18/2022-10-31')
    await to.fill('2022-09-25')
    await page.locator('.bad-date').waitFor({ state: 'detached' })
    await to.press('ArrowUp')
    await becomes(() => to.inputValue(), '2022-09-26', 'the day after')
  },
  { plain: true },
)

journey('by keys: the period moves, the view is a list, near the segment', async ({ page, url }) => {
  await page.goto(`${url}/?datetime=2022-01-01/2022-12-31&c=70.5,39.95,9&seg=vorukh-perimeter-2023`)
  await ready(page)
  await page.keyboard.press(',')
  await leads(page, 'datetime=2021-01-01/2021-12-31')
  await page.keyboard.press('.')
  await leads(page, 'datetime=2022-01-01/2022-12-31')
  await page.keyboard.press('g')
  const list = page.locator('.in-view li')
  await list.first().waitFor()
  await until(
    async () => (await list.count()) > 3,
    async () => `${await list.count()} in view`,
  )
  await axe(page, 'in the list of what is in view')
  await list.first().locator('button').click()
  await page.locator('.card h2').first().waitFor()
  await page.keyboard.press('n')
  await until(
    async () => /near=[\w-]+,5km/.test(await address(page)),
    async () => `${await address(page)}`,
  )
})
