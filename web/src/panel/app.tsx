// The screen: head, panel (introduction, filters, lists), map or table, time, cards, credits.
import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { closeIncident, closeSegment, introOpen } from '../actions'
import { detail, dispatch, onDate, segmentDetail, state } from '../store'
import { languageOf, speak, text } from '../text'
import { Credits } from './credits'
import { FilterChips, Filters } from './filters'
import { EmbedBar, Header, Notices } from './header'
import { Intro } from './intro'
import { lazy } from './lazy'
import { IncidentList, ListTabs } from './list'
import { MapBox, theme } from './mapbox'
import { tall } from './sheet'
import { Timeline } from './timeline'
import { Windows } from './windows'

const IncidentCard = lazy(() => import('./card').then(m => m.IncidentCard))
const SegmentCard = lazy(() => import('./segment').then(m => m.SegmentCard))
const BorderList = lazy(() => import('./border').then(m => m.BorderList))
const IncidentTable = lazy(() => import('./table').then(m => m.IncidentTable))

export function App() {
  const t = text()
  const s = state.value
  useTitle()
  useEscape()
  useDocument()
  const open = s.sel !== null || s.seg !== null
  const shape = `${open ? ' with-card' : ''}${tall.value ? ' tall' : ''}${s.embed ? ' embedded' : ''}`
  return (
    <div class={`app${shape} pane-${s.pane}`}>
      <nav class="skips" aria-label={t.app.title}>
        <a href="#list">{t.app.skipList}</a>
        <a href="#filters">{t.app.skipFilters}</a>
        {s.pane === 'map' && <a href="#map">{t.app.skipMap}</a>}
      </nav>
      {!s.embed && <Header />}
      {!s.embed && <Notices />}
      <main>
        {!s.embed && (
          <div class="panel">
            {introOpen.value && <Intro />}
            <Filters />
            <FilterChips />
            {s.pane === 'map' && <ListTabs />}
            {s.pane === 'map' && (s.tab === 'border' ? <BorderList date={onDate.value} /> : <IncidentList />)}
          </div>
        )}
        <div class="stage">
          {!s.embed && <Pane />}
          {s.pane === 'table' ? <IncidentTable /> : <MapBox />}
          <Timeline />
        </div>
        {open && (
          <aside class="cards">
            {s.sel !== null && <IncidentCard id={s.sel} />}
            {s.seg !== null && <SegmentCard key={`seg ${s.seg}`} id={s.seg} />}
          </aside>
        )}
      </main>
      {s.embed && <EmbedBar />}
      <Credits />
      <Windows />
    </div>
  )
}

function Pane() {
  const t = text()
  const { pane } = state.value
  const button = (to: 'map' | 'table', words: string) => (
    <button type="button" aria-pressed={pane === to} onClick={() => dispatch({ pane: to })}>
      {words}
    </button>
  )
  return (
    <fieldset class="pane-choice" aria-label={t.app.pane}>
      {button('map', t.app.paneMap)}
      {button('table', t.app.paneTable)}
    </fieldset>
  )
}

/** The language and the colours of the document follow the state. */
function useDocument() {
  useEffect(() => {
    const stops = [
      effect(() => {
        speak(languageOf(state.value.lang, navigator.languages)).catch(err => console.error(err))
      }),
      effect(() => {
        document.documentElement.lang = text().lang
      }),
      effect(() => {
        document.documentElement.dataset.theme = theme.value
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [])
}

function useTitle() {
  const t = text()
  const { sel, seg } = state.value
  const title = sel
    ? detail.load.value.data?.properties.title
    : seg
      ? segmentDetail.load.value.data?.properties.name
      : null
  useEffect(() => {
    document.title = title ? t.app.page(title) : t.app.pageTitle
  }, [title, t])
}

/** Escape closes the card that holds the focus, else the one that is open. */
function useEscape() {
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || e.defaultPrevented || document.querySelector('dialog[open]')) return
      const { sel, seg } = state.value
      const inSegment = document.activeElement?.closest('.card-segment') !== null && seg !== null
      if (inSegment) closeSegment()
      else if (sel !== null) closeIncident()
      else if (seg !== null) closeSegment()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  }, [])
}
