// The box the map lives in. The map's code is fetched after the shell is on screen; without WebGL it is not fetched.
import { computed, effect, signal } from '@preact/signals'
import { render } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { choose, chooseSegment, drawing, revealed } from '../actions'
import type { Incident } from '../api'
import { boxOf } from '../geo'
import type { Frame, MapHandle } from '../map/map'
import { contrast, dark, light, type Palette } from '../palette'
import { legendRoom, starts, wholeBox } from '../start'
import { type BBox, bboxOf, cornersOf, type Theme } from '../state'
import {
  areas,
  complete,
  conflicting,
  detail,
  dispatch,
  hovered,
  hoveredSegment,
  layerItems,
  matched,
  onDate,
  others,
  places,
  placeTiles,
  segments,
  shown,
  state,
  tiles,
} from '../store'
import { text } from '../text'
import { lazy } from './lazy'
import { Loading } from './states'

const Legend = lazy(() => import('./legend').then(m => m.Legend), true)

type Health = 'loading' | 'drawing' | 'noWebgl' | 'failed' | 'lost'
const health = signal<Health>('loading')
const attempt = signal(0)
const baseFailed = signal(false)
const tilesFailed = signal(false)
const placesFailed = signal(false)

/** The box that the map shows now; null while there is no map. */
export const mapBounds = signal<(() => BBox) | null>(null)

const scheme = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null
const darkSystem = signal(scheme?.matches ?? false)
scheme?.addEventListener('change', () => {
  darkSystem.value = scheme.matches
})
const palettes: Readonly<Record<Theme, Palette>> = { light, dark, contrast }

/** The colours in use: chosen, else those of the system. */
export const theme = computed<Theme>(() => state.value.theme ?? (darkSystem.value ? 'dark' : 'light'))

/** The map on screen, for pictures of it. */
export const onScreen = signal<MapHandle | null>(null)

function frame(): Frame {
  const s = state.value
  const t = text()
  return {
    scene: {
      incidents: shown.value,
      segments: segments.load.value.data ?? [],
      others: others.load.value.data ?? [],
      extra: s.layers.length > 0 ? (layerItems.load.value.data ?? []) : [],
      corners: s.corners,
      metric: s.metric,
      lang: t.lang,
      areas: areas.load.value.data ?? [],
      area: s.area,
      sel: s.sel,
      chosen: s.sel === null ? null : (detail.load.value.data as Incident | null),
      seg: s.seg,
      hovered: hovered.value,
      hoveredSegment: hoveredSegment.value,
      statusName: status => t.status[status]?.name ?? status,
      areaName: (id, name) => {
        const start = starts.find(x => x.area !== null && id.startsWith(x.area))
        return start ? t.intro.starts[start.key].name : name
      },
    },
    palette: palettes[theme.value],
    hide: s.hide,
    view: s.view,
    box: s.bbox ?? boxOfCorners(s.corners) ?? wholeBox,
    embed: s.embed,
    software: drawer === 'processor',
    tiles: tiles.value,
    complete: complete.value && revealing.value === 0,
    places: placeTiles.load.value.data,
  }
}

function boxOfCorners(c: readonly (readonly [number, number])[] | null): BBox | null {
  return c && boxOf({ type: 'Polygon', coordinates: [c.map(p => [...p])] })
}

/** What draws: a graphics card, the processor in its place, or nothing, as WebGL tells once. */
let drawer: 'card' | 'processor' | 'nothing' | null = null
function drawnBy() {
  drawer ??= probe()
  return drawer
}
function probe() {
  try {
    const gl = document.createElement('canvas').getContext('webgl2')
    if (!gl) return 'nothing'
    const told = gl.getExtension('WEBGL_debug_renderer_info')
    const name = told ? String(gl.getParameter(told.UNMASKED_RENDERER_WEBGL)) : ''
    gl.getExtension('WEBGL_lose_context')?.loseContext()
    return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name) ? 'processor' : 'card'
  } catch {
    return 'nothing'
  }
}

/** Waits until the list is painted and the page has nothing else to do, a second at most: the map is much work. */
function leisure(): Promise<void> {
  return new Promise(done =>
    typeof requestIdleCallback === 'function'
      ? requestIdleCallback(() => done(), { timeout: 1000 })
      : setTimeout(done, 100),
  )
}

export function MapBox() {
  const t = text()
  const box = useRef<HTMLDivElement>(null)
  const tries = attempt.value
  const room = useRoom(box)
  useEffect(() => {
    const el = box.current
    if (!el) return
    let handle: MapHandle | null = null
    const stops: (() => void)[] = []
    let dropped = false
    health.value = 'loading'
    leisure()
      .then(() => {
        if (drawnBy() !== 'nothing') return import('../map/map')
        health.value = 'noWebgl'
        return null
      })
      .then(
        m => {
          if (dropped || m === null) return
          try {
            const map = m.start(el, frame(), words(), events())
            handle = map
            stops.push(
              effect(() => map.show(frame())),
              effect(() => reveal(map)),
              effect(() => sketch(map)),
            )
            mapBounds.value = () => bboxOf(...map.bounds())
            onScreen.value = map
          } catch (err) {
            console.error(err)
            health.value = 'failed'
          }
        },
        err => {
          console.error(err)
          health.value = 'failed'
        },
      )
    return () => {
      dropped = true
      mapBounds.value = null
      onScreen.value = null
      drawing.value = false
      for (const stop of stops) stop()
      handle?.remove()
    }
  }, [tries])
  return (
    <section class="map" id="map" aria-label={t.map.section} tabIndex={-1}>
      <p class="visually-hidden">
        {t.map.summary(
          matched.value ?? 0,
          conflicting.value,
          segments.load.value.data?.length ?? null,
          t.date(onDate.value),
        )}{' '}
        {t.map.keys}
      </p>
      <div class="canvas" key={tries} ref={box} />
      <Health />
      {sketching.value && (
        <p class="drawing-hint" role="status">
          {t.filters.drawing}
        </p>
      )}
      {(health.value === 'drawing' || health.value === 'loading') && <Legend room={room} />}
    </section>
  )
}

/** Whether the legend fits beside what the map shows. */
function useRoom(box: { current: HTMLElement | null }): boolean {
  const [room, setRoom] = useState(false)
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const measure = () => setRoom(el.clientWidth >= legendRoom && el.clientHeight >= 700)
    const seen = new ResizeObserver(measure)
    seen.observe(el)
    measure()
    return () => seen.disconnect()
  }, [box])
  return room
}

function Health() {
  const t = text()
  const troubles = [
    segments.load.value.status === 'failed' && { words: t.states.segmentsFailed, retry: segments.retry },
    areas.load.value.status === 'failed' && { words: t.states.areasFailed, retry: areas.retry },
    places.load.value.status === 'failed' && { words: t.states.placesFailed, retry: places.retry },
    placeTiles.load.value.status === 'failed' && { words: t.states.placesFailed, retry: placeTiles.retry },
    placesFailed.value && { words: t.states.placesFailed, retry: again },
    tilesFailed.value && { words: t.states.tilesFailed, retry: again },
    baseFailed.value && { words: t.states.basemapFailed, retry: again },
  ].filter(x => x !== false)
  return (
    <>
      <Body />
      {troubles.length > 0 && (
        <div class="troubles" role="alert">
          {troubles.map(x => (
            <p key={x.words}>
              {x.words}{' '}
              <button type="button" class="link" onClick={x.retry}>
                {t.states.retry}
              </button>
            </p>
          ))}
        </div>
      )}
    </>
  )
}

function again() {
  baseFailed.value = false
  tilesFailed.value = false
  placesFailed.value = false
  attempt.value++
}

function Body() {
  const t = text()
  switch (health.value) {
    case 'drawing':
      return null
    case 'loading':
      return (
        <div class="map-state">
          <Loading words={t.map.loading} />
        </div>
      )
    case 'noWebgl':
      return (
        <div class="map-state" role="status">
          <p>
            <strong>{t.map.noWebgl}</strong>
          </p>
          <p>{t.map.noWebglMend}</p>
        </div>
      )
    default:
      return (
        <div class="map-state" role="alert">
          <p>
            <strong>{health.value === 'lost' ? t.map.lost : t.map.failed}</strong> {t.map.noWebglMend}
          </p>
          <button type="button" class="action" onClick={again}>
            {t.map.reload}
          </button>
        </div>
      )
  }
}

function words() {
  const { map } = text()
  return {
    label: map.label,
    zoomIn: map.zoomIn,
    zoomOut: map.zoomOut,
    close: map.close,
    metres: map.metres,
    kilometres: map.kilometres,
  }
}

function events() {
  return {
    viewed: (view: Frame['view']) => dispatch({ view }, 'replace'),
    selected: (id: string) => choose(id, 'map'),
    segment: (id: string) => chooseSegment(id, 'map'),
    hovered: (id: string | null) => {
      hovered.value = id
    },
    hoveredSegment: (id: string | null) => {
      hoveredSegment.value = id
    },
    pile: (el: HTMLElement, ids: readonly string[], close: () => void) => {
      let open = true
      import('./pile').then(({ Pile }) => {
        if (open) render(<Pile ids={ids} close={close} />, el)
      }, console.error)
      return () => {
        open = false
        render(null, el)
      }
    },
    shown: () => {
      health.value = 'drawing'
    },
    lost: () => {
      health.value = 'lost'
    },
    baseFailed: () => {
      baseFailed.value = true
    },
    tilesFailed: () => {
      tilesFailed.value = true
    },
    placesFailed: () => {
      placesFailed.value = true
    },
    crowd: (box: BBox) => dispatch({ bbox: box, corners: null, area: null }),
  }
}

/** How many choices the map has yet to bring into sight. */
const revealing = signal(0)

/** Shows what was chosen outside the map. */
function reveal(map: MapHandle) {
  const id = revealed.value?.id
  if (id === undefined) return
  const chosen = detail.load.peek().data
  const incident = shown.peek().find(i => i.properties.id === id) ?? (chosen?.id === id ? chosen : undefined)
  const segment = segments.load.peek().data?.find(s => s.properties.id === id)
  const target = boxOf(incident?.geometry ?? segment?.geometry ?? null)
  if (!target) return
  revealing.value = revealing.peek() + 1
  // After the card has taken its room.
  setTimeout(() => {
    map.reveal(target)
    revealing.value--
  }, 60)
}

/** Whether clicks are corners now; what takes them is fetched first. */
const sketching = signal(false)

/** Lets the reader draw an area; its corners become a filter. */
function sketch(map: MapHandle) {
  if (!drawing.value) return
  let stop = () => {}
  let off = false
  map
    .sketch(points => {
      drawing.value = false
      const corners = cornersOf(points)
      if (corners) dispatch({ corners, bbox: null, area: null })
    })
    .then(
      end => {
        if (off) return end()
        stop = end
        sketching.value = true
      },
      err => {
        console.error(err)
        drawing.value = false
      },
    )
  return () => {
    off = true
    sketching.value = false
    stop()
  }
}
