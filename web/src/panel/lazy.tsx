// Parts of the screen that are fetched when they are first shown, so that the first screen waits for none of them.
import { signal } from '@preact/signals'
import { type ComponentType, h } from 'preact'
import { text } from '../text'
import { Loading } from './states'

/**
 * A component that loads itself; meanwhile, and where it cannot be had, words stand in its place, or nothing for a
 * `quiet` one.
 */
export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  quiet = false,
): ComponentType<P> {
  const part = signal<ComponentType<P> | 'failed' | null>(null)
  let asked = false
  return props => {
    const t = text()
    if (!asked) {
      asked = true
      load().then(
        loaded => {
          part.value = loaded
        },
        err => {
          console.error(err)
          part.value = 'failed'
        },
      )
    }
    const now = part.value
    if (quiet && typeof now !== 'function') return null
    if (now === null) return <Loading words={t.help.loading} />
    if (now === 'failed') return <p class="state failed">{t.app.lag}</p>
    return h(now, props)
  }
}
