// Taking away: files, layers, pictures, citations, frames, paper.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { ask, check, equal, journey, ready, tabTo } from '../journey.mjs'

const september = 'datetime=2022-09-01/2022-09-30'

journey(
  'the downloaded CSV equals the table, in its order',
  async ({ page, url }) => {
    await page.goto(`${url}/?view=table&${september}&sortby=-high&asof=2022-09-25`)
    await page.locator('.table-pane [data-row]').first().waitFor()
    const table = await page.locator('.table-pane [data-row]').evaluateAll(as => as.map(a => a.dataset.row))
    await page.getByRole('button', { name: 'Download, share' }).click()
    const href = await page.getByRole('link', { name: 'CSV table' }).first().getAttribute('href')
    check(href.includes('asof=2022-09-25') && href.includes('datetime='), href)
    const csv = await (await fetch(url + href)).text()
    const [head, ...lines] = csv.trim().split(/\r?\n/)
    const at = head.split(',').indexOf('id')
    equal(
      lines.map(l => l.split(',')[at].replaceAll('"', '')),
      table,
      'incidents of the file',
    )
    const answers = await page
      .locator('.dialog .files a')
      .evaluateAll(as => as.map(a => a.href))
      .then(hrefs =>
        Promise.all(hrefs.map(h => fetch(h).then(r => `${r.status} ${new URL(h).searchParams.get('f')}`))),
      )
    check(answers.length >= 9 && answers.every(a => a.startsWith('200')), answers.join(', '))
  },
  { plain: true },
)

journey(
  'the layer file for QGIS asks the question of the screen, and the README says it',
  async ({ page, url }) => {
    await page.goto(`${url}/?${september}&type=armed_clash&asof=2022-09-25`)
    await ready(page)
    await page.keyboard.press('x')
    const save = async name => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ])
      return readFileSync(await file.path(), 'utf8')
    }
    const layer = await save('Incidents of this screen (.qlr)')
    const { source, wrong } = await page.evaluate(xml => {
      const doc = new DOMParser().parseFromString(xml, 'application/xml')
      return {
        source: doc.querySelector('maplayer > datasource')?.textContent,
        wrong: doc.querySelector('parsererror')?.textContent,
      }
    }, layer)
    equal(wrong, undefined, 'faults of the XML')
    check(source.startsWith(`/vsicurl/${url}/collections/incidents/items?`), source)
    const asked = new URL(source.slice('/vsicurl/'.length))
    equal(asked.searchParams.get('asof'), '2022-09-25', 'day of knowledge')
    check(asked.searchParams.get('filter').includes("'armed_clash'"), asked.search)
    equal((await fetch(asked)).status, 200, 'the answer to the layer')
    const border = await save('Border on the chosen date (.qlr)')
    check(border.includes('datetime=2022-09-30') && border.includes('value="contested"'), 'border layer')
    const readme = await save('README for this download')
    for (const part of ['As known on 25 Sep 2022', 'CC BY 4.0', 'datetime = 2022-09-01/2022-09-30'])
      check(readme.includes(part), `${part} in: ${readme}`)
  },
  { plain: true },
)

journey('a picture has the map with what makes it readable', async ({ page, url }) => {
  await page.goto(`${url}/?${september}`)
  await ready(page)
  // While a processor draws the map in motion it draws it coarse: not the picture of it.
  await page.getByRole('button', { name: 'Zoom in' }).click()
  await page.keyboard.press('x')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Picture (PNG)' }).click(),
  ])
  const png = readFileSync(await file.path())
  equal(png.subarray(1, 4).toString(), 'PNG', 'kind of file')
  const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
  const map = await page.locator('.maplibregl-canvas').boundingBox()
  equal(size, { width: Math.round(map.width), height: Math.round(map.height) + 154 }, 'size of the picture')
  // Not a blank sheet: many colours are in it.
  const colours = await page.evaluate(
    async bytes => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(image.width, image.height)
      const g = canvas.getContext('2d')
      g.drawImage(image, 0, 0)
      const { data } = g.getImageData(0, 58, image.width, image.height - 160)
      const seen = new Set()
      for (let i = 0; i < data.length; i += 4 * 37)
        seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
      return seen.size
    },
    [...png],
  )
  check(colours > 12, `the map in the picture has ${colours} colours`)
})

journey(
  'keyboard alone: from the bare address to a citation',
  async ({ page, url }) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(url)
    await ready(page)
    await tabTo(page, '.start', 80)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length < 12)
    await page.keyboard.press('l')
    await tabTo(page, '[data-row="1998-03-30-ramit-release"]', 20)
    await page.keyboard.press('Enter')
    await page.locator('.claims .claim').first().waitFor()
    await tabTo(page, '.cite', 80)
    await page.keyboard.press('Enter')
    await page.getByText('Citation copied').waitFor()
    const cited = await page.evaluate(() => navigator.clipboard.readText())
    for (const part of [
      'Khabib Sanginov',
      '30 Mar 1998',
      'Released',
      '50',
      'demarc claim 1998-03-30-ramit-release.c1',
      `${url}/?sel=1998-03-30-ramit-release`,
    ])
      check(cited.includes(part), `${part} in: ${cited}`)
    const { properties } = await ask(url, '/collections/incidents/items/1998-03-30-ramit-release')
    check(cited.includes(properties.sources_detail[0].publisher), cited)
  },
  { plain: true },
)

journey('embedded in another page: the map, the way out, nothing else', async ({ page, url, account }) => {
  // The page of somebody else, on another origin.
  const frames = `<iframe src="${url}/?embed=1&${september}" title="map" width="800" height="560"></iframe>`
  const elsewhere = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(frames))
  await new Promise(done => elsewhere.listen(0, '127.0.0.1', done))
  await page.goto(`http://127.0.0.1:${elsewhere.address().port}/`)
  const frame = page.frameLocator('iframe')
  await frame.locator('.canvas[data-drawn]').waitFor()
  equal(await frame.locator('.top, .panel').count(), 0, 'headers and panels')
  const way = await frame.getByRole('link', { name: 'Open the full map' }).getAttribute('href')
  check(way.includes('datetime=2022-09-01/2022-09-30') && !way.includes('embed'), way)
  check((await frame.locator('.credits').innerText()).includes('OpenStreetMap'), 'attribution')
  elsewhere.close()
  account.errors.splice(0, 9, ...account.errors.filter(e => !e.includes('404')))
})

journey(
  'on paper: one page, with the question, the incidents and the attribution',
  async ({ page, url }) => {
    await page.goto(`${url}/?datetime=1998-03-01/1998-05-31`)
    await ready(page)
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
    equal(pdf.match(/\/Type\s*\/Page\b/g)?.length, 1, 'pages')
    await page.emulateMedia({ media: 'print' })
    for (const part of ['.chips', '.rows', '.credits'])
      check(await page.locator(part).isVisible(), `${part} is not printed`)
    for (const part of ['.search', '.tools', '.filters'])
      check(!(await page.locator(part).isVisible()), `${part} is printed`)
  },
  { plain: true },
)
