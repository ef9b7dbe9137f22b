// Wiring only.
import { h, render } from 'preact'
import { followKeys } from './keys'
import { followChanges } from './live'
import { App } from './panel/app'
import { followHistory } from './store'

followHistory()
followKeys()
const root = document.getElementById('app')
if (root) {
  root.replaceChildren()
  render(h(App, {}), root)
}

// Not before the page is there: a connection that stays open is no hurry.
addEventListener('load', () => setTimeout(followChanges, 1500))
