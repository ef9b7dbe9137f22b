// The screen: header, panel (introduction, filters, lists), map, time, cards, credits.
import { useEffect } from 'preact/hooks'
import { closeIncident, closeSegment, introOpen } from '../actions'
import { detail, onDate, segmentDetail, state } from '../store'
import { text } from '../text'
import { BorderList } from './border'
import { IncidentCard } from './card'
import { Credits } from './credits'
import { FilterChips, Filters } from './filters'
import { Header } from './header'
import { Intro } from './intro'
import { IncidentList, ListTabs } from './list'
import { MapBox } from './mapbox'
import { SegmentCard } from './segment'
import { tall } from './sheet'
import { Timeline } from './timeline'

export function App() {
  const t = text()
  const s = state.value
  useTitle()
  useEscape()
  const open = s.sel !== null || s.seg !== null
  return (
    <div class={`app${open ? ' with-card' : ''}${tall.value ? ' tall' : ''}`}>
      <nav class="skips" aria-label={t.app.title}>
        <a href="#list">{t.app.skipList}</a>
        <a href="#filters">{t.app.skipFilters}</a>
        <a href="#map">{t.app.skipMap}</a>
      </nav>
      <Header />
      <main>
        <div class="panel">
          {introOpen.value && <Intro />}
          <Filters />
          <FilterChips />
          <ListTabs />
          {s.tab === 'border' ? <BorderList date={onDate.value} /> : <IncidentList />}
        </div>
        <div class="stage">
          <MapBox />
          <Timeline />
        </div>
        {open && (
          <aside class="cards">
            {s.sel !== null && <IncidentCard id={s.sel} />}
            {s.seg !== null && <SegmentCard key={`seg ${s.seg}`} id={s.seg} />}
          </aside>
        )}
      </main>
      <Credits />
    </div>
  )
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
      if (e.key !== 'Escape' || e.defaultPrevented) return
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
