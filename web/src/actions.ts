// What a reader can do, as changes of the state. Focus goes where the reader's attention goes, and back.
import { signal } from '@preact/signals'
import { without } from './filters'
import type { Start } from './start'
import { areas, dispatch, hovered, hoveredSegment, state } from './store'

/** A box that the map should bring into sight; map and list meet here without knowing each other. */
export const revealed = signal<{ readonly id: string } | null>(null)

/** Whether the introduction is open: on a first visit, that is, at the bare address. */
export const introOpen = signal(location.search === '')

/** Whether the map takes clicks as corners of an area. */
export const drawing = signal(false)

let opener: HTMLElement | null = null

function remember() {
  if (document.activeElement instanceof HTMLElement) opener = document.activeElement
}

/** Opens an incident's card. `from` says where it was chosen: a choice in the list shows the place on the map. */
export function choose(id: string, from: 'list' | 'map' | 'card') {
  remember()
  introOpen.value = false
  dispatch({ sel: id, seg: from === 'card' ? state.value.seg : null })
  if (from !== 'map') revealed.value = { id }
}

/** Opens a segment's card; `on` fixes the date of the border, for a line that the date now shown does not know. */
export function chooseSegment(id: string, from: 'list' | 'map' | 'card', on?: string) {
  remember()
  introOpen.value = false
  dispatch({
    seg: id,
    ...(from === 'card' ? {} : { sel: null }),
    ...(on === undefined ? {} : { border: on }),
  })
  if (from !== 'map') revealed.value = { id }
}

/** Closes the incident's card; focus returns to its row, else to what opened it. */
export function closeIncident() {
  const id = state.value.sel
  dispatch({ sel: null })
  hovered.value = null
  back(id)
}

export function closeSegment() {
  const id = state.value.seg
  dispatch({ seg: null })
  hoveredSegment.value = null
  back(id)
}

function back(id: string | null) {
  const was = opener
  requestAnimationFrame(() => {
    const row = id === null ? null : document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)
    const canvas = document.querySelector<HTMLElement>('.maplibregl-canvas')
    const target = was?.isConnected && was !== document.body ? was : (row ?? canvas)
    target?.focus()
  })
}

export function beginAt(s: Start) {
  introOpen.value = false
  const area = areas.load.value.data?.find(a => s.area !== null && a.properties.id.startsWith(s.area))
  dispatch({
    ...without(),
    view: null,
    bbox: s.box,
    area: area?.properties.id ?? null,
    range: s.range,
    metric: s.metric,
    sel: null,
    seg: null,
    tab: 'incidents',
  })
}
