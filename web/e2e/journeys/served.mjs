// The page as the server writes it: before the script, and without any.
import { ask, axe, becomes, check, equal, hold, journey, until } from '../journey.mjs'

journey(
  'without JavaScript: the table, asked by its form, leads to an incident and its claims',
  async ({ page, url }) => {
    await page.goto(url)
    const { numberMatched } = await ask(url, '/collections/incidents/items?limit=1')
    await page.getByText(`${numberMatched} incidents`).waitFor()
    await page.locator('.records noscript p').waitFor()
    await page.getByRole('link', { name: 'Next' }).click()
    await page.getByRole('link', { name: 'Previous' }).waitFor()
    await page.getByLabel('When').fill('1998-03-20/1998-04-10')
    await page.locator('select[name=metric]').selectOption('captured')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Show' }).click()
    const asked = await ask(url, '/collections/incidents/items?limit=1&datetime=1998-03-20/1998-04-10')
    await becomes(() => page.locator('tbody tr').count(), asked.numberMatched, 'rows')
    await page.getByRole('link', { name: /Second group of captured soldiers/ }).click()
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
    const figures = await page.locator('.metric .figure').allInnerTexts()
    check(figures.includes('50') && figures.includes('about 40'), `figures claimed: ${figures}`)
  },
  { plain: true, javaScriptEnabled: false },
)

journey(
  'the table is there before the map: the script takes the page over without a moment of nothing',
  async ({ page, url }) => {
    const go = await hold(page)
    // From the first frame on: is there a list or a table with incidents in it?
    await page.addInitScript(() => {
      // The page waits some seconds for its first answer and then goes on without; here it has all the time it needs.
      const later = globalThis.setTimeout
      globalThis.setTimeout = (run, ms, ...more) => later(run, ms === 4000 ? 1e9 : ms, ...more)
      globalThis.bare = 0
      globalThis.frames = 0
      const look = () => {
        const root = document.querySelector('#app')
        if (root?.firstElementChild) {
          globalThis.frames++
          if (!root.querySelector('.records tbody tr, [data-row]')) globalThis.bare++
        }
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    await page.goto(`${url}/?datetime=2022-09-01/2022-09-30`)
    await page.locator('.records tbody tr').first().waitFor()
    await until(() => page.evaluate(() => globalThis.frames > 9), 'no frames')
    equal(await page.locator('[data-row]').count(), 0, 'rows of the script before its answer')
    await axe(page, 'as the server writes it')
    go()
    await page.locator('[data-row]').first().waitFor()
    equal(await page.locator('.records').count(), 0, "the server's tables")
    equal(await page.evaluate(() => globalThis.bare), 0, 'frames without any incident')
  },
  { plain: true },
)
