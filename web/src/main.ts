// Wiring only.
import { h, render } from 'preact'
import { App } from './panel/app'
import { followHistory } from './store'

followHistory()
const root = document.getElementById('app')
if (root) {
  root.replaceChildren()
  render(h(App, {}), root)
}
