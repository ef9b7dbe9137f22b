// What Lighthouse says of a page.
import lighthouse, { desktopConfig } from 'lighthouse'
import { browser } from '../e2e/lib.mjs'

/** Scores from 0 to 100, and the figures behind them. The best of `times` runs, as other work only ever lowers one. */
export async function score(url, form, times) {
  const port = 9300 + Math.floor(Math.random() * 600)
  const chrome = await browser(`--remote-debugging-port=${port}`)
  let best = null
  try {
    for (let k = 0; k < times; k++) {
      const { lhr } = await lighthouse(
        url,
        { port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility'] },
        form === 'desktop' ? desktopConfig : undefined,
      )
      const of = name => Math.round((lhr.categories[name].score ?? 0) * 100)
      const ms = name => lhr.audits[name].numericValue ?? Number.NaN
      const found = {
        performance: of('performance'),
        accessibility: of('accessibility'),
        fcp: ms('first-contentful-paint'),
        lcp: ms('largest-contentful-paint'),
        tbt: ms('total-blocking-time'),
        si: ms('speed-index'),
        cls: ms('cumulative-layout-shift'),
        failed: Object.values(lhr.audits)
          .filter(a => a.score !== null && a.score < 0.9 && a.scoreDisplayMode !== 'informative')
          .map(a => `${a.id} ${a.displayValue ?? a.score}`),
      }
      if (best === null || found.performance > best.performance) best = found
    }
  } finally {
    await chrome.close()
  }
  return best
}
