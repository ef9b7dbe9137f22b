// Wiring only.
import { effect } from '@preact/signals'
import { h, render } from 'preact'
import { followKeys } from './keys'
import { followChanges } from './live'
import { App } from './panel/app'
import { theme } from './panel/mapbox'
import { answer, followHistory, state } from './store'
import { languageOf, speak } from './text'

followHistory()
followKeys()
document.documentElement.dataset.theme = theme.peek()
const root = document.getElementById('app')
if (root) void show(root)

/** Takes the page over from the server's table, which stays until there is something to put in its place. */
async function show(root: HTMLElement) {
  if (root.firstElementChild) {
    const words = speak(languageOf(state.peek().lang, navigator.languages)).catch(() => {})
    const table = state.peek().pane === 'table' ? import('./panel/table').catch(() => {}) : null
    const patience = new Promise(done => setTimeout(done, 4000))
    await Promise.race([Promise.all([answered(), painted(), words, table]), patience])
  }
  root.replaceChildren()
  render(h(App, {}), root)
}

/** Waits until the server's table is on the screen, half a second at most: else the reader would see a blank for longer. */
function painted(): Promise<void> {
  return new Promise(done => {
    setTimeout(done, 500)
    const told = PerformanceObserver.supportedEntryTypes
    const type = told.includes('largest-contentful-paint') ? 'largest-contentful-paint' : 'paint'
    new PerformanceObserver(() => done()).observe({ type, buffered: true })
  })
}

/** Waits for the first answer, good or bad. */
function answered(): Promise<void> {
  return new Promise(done => {
    const stop = effect(() => {
      if (answer.value.status !== 'ready' && answer.value.status !== 'failed') return
      queueMicrotask(() => stop())
      done()
    })
  })
}

// Not before the page is there: a connection that stays open is no hurry.
addEventListener('load', () => setTimeout(followChanges, 1500))
