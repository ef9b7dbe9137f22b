// Wiring only.
import { h, render } from 'preact'
import { followKeys } from './keys'
import { App } from './panel/app'
import { followHistory } from './store'

followHistory()
followKeys()
const root = document.getElementById('app')
if (root) {
  root.replaceChildren()
  render(h(App, {}), root)
}
