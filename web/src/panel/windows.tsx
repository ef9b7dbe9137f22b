// Windows over the screen: help, download and share, a typed area. One at a time, each a dialog of the browser, which
// keeps the focus and gives it back.
import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { text } from '../text'
import { Glyph } from './icons'
import { lazy } from './lazy'

export type WindowName = 'help' | 'take' | 'box' | 'view'
/** The window that is open. */
export const open = signal<WindowName | null>(null)

export function show(name: WindowName | null) {
  open.value = name
}

const parts: Readonly<Record<WindowName, ComponentType>> = {
  help: lazy(() => import('./help').then(m => m.Help)),
  take: lazy(() => import('./take').then(m => m.Take)),
  box: lazy(() => import('./area').then(m => m.TypedArea)),
  view: lazy(() => import('./in-view').then(m => m.InView)),
}

export function Windows() {
  const t = text()
  const name = open.value
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (name !== null && !ref.current?.open) ref.current?.showModal()
  }, [name])
  if (name === null) return null
  const titles = { help: t.help.title, take: t.take.title, box: t.filters.type, view: t.map.inViewTitle }
  const Part = parts[name]
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={ref}
      class={`dialog dialog-${name}`}
      aria-labelledby="window-title"
      onClose={() => show(null)}
      onClick={e => {
        if (e.target === ref.current) ref.current?.close()
      }}
    >
      <div class="dialog-inside">
        <div class="dialog-bar">
          <h2 id="window-title">{titles[name]}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label={t.app.close}
            onClick={() => ref.current?.close()}
          >
            <Glyph name="close" />
          </button>
        </div>
        <Part />
      </div>
    </dialog>
  )
}
