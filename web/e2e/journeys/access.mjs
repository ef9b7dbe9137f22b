// For everybody: barriers, languages, narrow windows, keys.
import { axe, becomes, check, equal, journey, ready, until } from '../journey.mjs'
import { address, drawn } from '../lib.mjs'

const september = 'datetime=2022-09-10/2022-09-16'
const screens = [
  ['first visit', '?bbox=70,39,71,41', page => page.locator('.start-button').click()],
  ['filters', `?${september}&type=armed_clash`, page => page.locator('.filters summary').click()],
  [
    'incident',
    `?${september}&sel=2022-09-14-bulakbashy-kekh&asof=2023-05-03`,
    page => page.locator('.claim').first().waitFor(),
  ],
  [
    'border',
    `?list=border&border=2022-09-16&seg=vorukh-perimeter-2023`,
    page => page.locator('.history li').first().waitFor(),
  ],
  ['table', `?view=table&${september}`, page => page.locator('tbody tr').first().waitFor()],
  ['download', `?${september}`, page => page.keyboard.press('x')],
  ['help', `?${september}`, page => page.keyboard.press('?')],
  ['typed area', `?${september}`, page => page.keyboard.press('d')],
]

for (const lang of ['en', 'ru', 'ky', 'tg']) {
  for (const scheme of ['light', 'dark']) {
    journey(
      `no barrier (axe, WCAG 2.2 A and AA): ${lang}, ${scheme}`,
      async ({ page, url }) => {
        await page.emulateMedia({ colorScheme: scheme })
        for (const [name, query, act] of screens) {
          await page.goto(`${url}/${query}&lang=${lang}`)
          await page.locator('[data-row], .segment-row').first().waitFor()
          await act(page)
          if (['download', 'help', 'typed area'].includes(name))
            await page.locator('.dialog h3, .dialog form').first().waitFor()
          await becomes(
            () => page.evaluate(() => document.documentElement.lang),
            lang,
            'language of the page',
          )
          await axe(page, `${name}, ${lang}, ${scheme}`)
        }
      },
      { plain: true },
    )
  }
}

journey('no barrier on the map, light, dark and in high contrast', async ({ page, url }) => {
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.goto(`${url}/?theme=${theme}&${september}`)
    await drawn(page)
    await axe(page, `with the map, ${theme}`)
  }
})

journey(
  'Kyrgyz and Tajik dates, which the browser does not know',
  async ({ page, url }) => {
    for (const [lang, want] of [
      ['ky', '1998-ж., 30-март'],
      ['tg', '30 март 1998'],
      ['ru', '30 марта 1998'],
    ]) {
      await page.goto(`${url}/?datetime=1998-03-30&lang=${lang}`)
      await page.getByText(want).first().waitFor()
      await becomes(
        () => page.locator('.row-title').first().getAttribute('lang'),
        'en',
        'language of a title',
      )
    }
    const choice = page.getByRole('combobox').first()
    const words = await choice.locator('option').allInnerTexts()
    check(words.filter(w => w.includes('(')).length === 2, `marked as not reviewed: ${words}`)
  },
  { plain: true },
)

journey(
  'keys of one letter: each does its work, none in a field, and they can be switched off',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=1998-03-20/1998-04-10`)
    await ready(page)
    const at = () =>
      page.evaluate(() => document.activeElement?.id || document.activeElement?.className || '')
    await page.keyboard.press('/')
    await becomes(at, 'search', 'focus after /')
    await page.keyboard.type('f?')
    equal(await page.locator('dialog[open]').count(), 0, 'windows opened from a field')
    await page.getByRole('searchbox').fill('')
    await page.keyboard.press('Tab')
    await page.locator('.list').focus()
    await page.keyboard.press('j')
    await page.waitForFunction(() => location.search.includes('sel='))
    await page.locator('.claims .claim').first().waitFor()
    const first = (await address(page)).searchParams.get('sel')
    await page.keyboard.press('j')
    await page.waitForFunction(f => !location.search.includes(`sel=${f}`), first)
    await page.keyboard.press('k')
    await page.waitForFunction(f => location.search.includes(`sel=${f}`), first)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByLabel(/Keys of one letter/).uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('x')
    equal(await page.locator('dialog[open]').count(), 0, 'windows opened while keys are off')
  },
  { plain: true },
)

for (const [name, size] of [
  ['320 pixels wide', { width: 320, height: 640 }],
  ['at 200 % (1280 pixels shown as 640)', { width: 640, height: 400 }],
]) {
  journey(
    `${name}: nothing sticks out`,
    async ({ page, url }) => {
      for (const query of [
        '',
        `?${september}&sel=2022-09-14-bulakbashy-kekh`,
        '?list=border&seg=vorukh-perimeter-2023',
        `?view=table&${september}&asof=2022-09-20`,
      ]) {
        await page.goto(`${url}/${query}`)
        await page.locator('[data-row], .segment-row').first().waitFor({ state: 'attached' })
        if (query.includes('sel=')) await page.locator('.claims .claim').first().waitFor()
        const out = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        await becomes(out, 0, `pixels that stick out at ${query}`)
      }
    },
    { plain: true, ...size },
  )
}

journey('names are written in Latin and in Cyrillic with our own fonts', async ({ page, url }) => {
  const fonts = []
  page.on('response', r => r.url().endsWith('.woff2') && r.ok() && fonts.push(r.url()))
  await page.goto(`${url}/?c=70.3,40.1,8.5`)
  await ready(page)
  for (const part of ['latin-400', 'cyrillic-400', 'cyrillic-ext-400'])
    await until(
      () => fonts.some(f => f.includes(part)),
      () => `${part} is not among ${fonts}`,
    )
})
