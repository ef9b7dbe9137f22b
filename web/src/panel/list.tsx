// The list: the equal of the map. Same incidents, same state; a row is a link that can be opened anywhere.
import { useEffect, useRef } from 'preact/hooks'
import { choose } from '../actions'
import type { Incident } from '../api'
import { incidentDates, incidentWords } from '../figures'
import { filters, narrowed, without } from '../filters'
import { serialise } from '../state'
import {
  answer,
  big,
  conflicting,
  dispatch,
  hovered,
  inAllTime,
  listAddress,
  matched,
  onDate,
  retry,
  shown,
  state,
} from '../store'
import { lookOf } from '../symbols'
import { recorded, text, word } from '../text'
import { Glyph, IncidentIcon } from './icons'
import { tall } from './sheet'
import { Failed, Loading } from './states'

export function ListTabs() {
  const t = text()
  const s = state.value
  const tab = (id: 'incidents' | 'border', words: string) => (
    <button type="button" aria-pressed={s.tab === id} onClick={() => dispatch({ tab: id })}>
      {words}
    </button>
  )
  return (
    <fieldset class="tabs" aria-label={t.list.tabs}>
      {tab('incidents', t.list.tab(answer.value.data ? matched.value : null))}
      {tab('border', t.border.tab(t.date(onDate.value)))}
      <button
        type="button"
        class="icon-button sheet-button"
        aria-pressed={tall.value}
        aria-label={t.list.label}
        onClick={() => (tall.value = !tall.value)}
      >
        <Glyph name={tall.value ? 'down' : 'up'} />
      </button>
    </fieldset>
  )
}

export function IncidentList() {
  const t = text()
  const { status, data, fault } = answer.value
  const list = shown.value
  return (
    <section class="list" id="list" aria-label={t.list.label} aria-busy={status === 'loading'} tabIndex={-1}>
      {status === 'failed' && (
        <Failed what={t.states.failed} fault={fault} retry={retry} stale={data !== null} />
      )}
      {data === null && status === 'loading' && <Loading words={t.states.loading} />}
      {data !== null && <Summary />}
      {data !== null && list.length === 0 && status !== 'failed' && <Empty />}
      <ol class="rows" onKeyDown={walk}>
        {list.map(i => (
          <Row key={i.properties.id} incident={i} />
        ))}
      </ol>
    </section>
  )
}

function Summary() {
  const t = text()
  const list = shown.value
  const unplaced = list.filter(i => i.geometry === null).length
  const { sortby } = state.value
  const all = matched.value ?? list.length
  return (
    <div class="summary">
      <p role="status">
        <strong>{t.list.count(all)}</strong>
        {!big.value && conflicting.value > 0 && <> · {t.list.conflicting(conflicting.value)}</>}
        {unplaced > 0 && <span class="soft"> · {t.list.unplaced(unplaced)}</span>}
      </p>
      {all > list.length && <p class="soft">{t.list.first(list.length, all)}</p>}
      <p class="list-tools">
        <button
          type="button"
          class="link"
          onClick={() => dispatch({ sortby: sortby === 'start' ? '-start' : 'start' })}
        >
          <span class="visually-hidden">{t.list.sort}: </span>
          {sortby === 'start' ? t.list.oldest : t.list.newest}
          <Glyph name={sortby === 'start' ? 'up' : 'down'} />
        </button>
        <a href={listAddress('json')}>{t.list.asData}</a>
      </p>
    </div>
  )
}

function Empty() {
  const t = text()
  const s = state.value
  const everywhen = inAllTime.value
  const f = t.filters
  const words: Readonly<Record<string, string>> = {
    q: f.search(s.q),
    types: f.kind,
    figures: f.claims,
    occurrence: f.occurrence,
    verification: f.verification,
    precision: f.precision,
    parties: f.party,
    toll: f.toll,
    bbox: f.box,
    corners: f.corners,
    near: f.nearSegment,
    inside: f.inside,
  }
  const dated = s.range.from !== null || s.range.to !== null
  return (
    <div class="state empty">
      <p>
        <strong>{t.states.empty}</strong> {narrowed(s) > 0 && t.states.emptyHint}
      </p>
      <p class="ways">
        {dated && (
          <button type="button" class="action" onClick={() => dispatch({ range: { from: null, to: null } })}>
            {t.states.widen}
            {everywhen > 0 && <span class="soft"> ({t.states.wider(everywhen)})</span>}
          </button>
        )}
        {filters
          .filter(f => f.id !== 'range' && f.on(s))
          .map(f => (
            <button key={f.id} type="button" class="action" onClick={() => dispatch(without(f.id))}>
              {t.filters.remove(words[f.id] ?? f.id)}
            </button>
          ))}
        {narrowed(s) > 1 && (
          <button type="button" class="action" onClick={() => dispatch(without())}>
            {t.filters.clear}
          </button>
        )}
      </p>
    </div>
  )
}

function Row({ incident }: { incident: Incident }) {
  const t = text()
  const p = incident.properties
  const ref = useRef<HTMLLIElement>(null)
  const chosen = state.value.sel === p.id
  const figures = incidentWords(p, t)
  useEffect(() => {
    if (chosen) ref.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const open = (e: MouseEvent) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return
    e.preventDefault()
    choose(p.id, 'list')
  }
  const point = (on: boolean) => () => {
    if (on) hovered.value = p.id
    else if (hovered.peek() === p.id) hovered.value = null
  }
  return (
    <li
      ref={ref}
      class={`row${chosen ? ' chosen' : ''}${hovered.value === p.id ? ' hovered' : ''}`}
      onMouseEnter={point(true)}
      onMouseLeave={point(false)}
      onFocusCapture={point(true)}
      onBlurCapture={point(false)}
    >
      <IncidentIcon look={lookOf(p, state.value.metric)} max={30} />
      <div class="row-text">
        <p class="row-meta">
          <span>{incidentDates(p, t)}</span>
          <span>{word(t.types, p.type)}</span>
        </p>
        <a
          class="row-title"
          lang={recorded}
          href={`/${serialise({ ...state.value, sel: p.id, seg: null })}`}
          data-row={p.id}
          aria-current={chosen ? 'true' : undefined}
          onClick={open}
        >
          {p.title}
        </a>
        <p class="row-place">
          {p.place ?? t.list.noPlace}
          {p.uncertainty_km !== null && p.place !== null && (
            <span class="soft">
              {' '}
              ± {t.number(p.uncertainty_km)} {t.map.kilometres}
            </span>
          )}
        </p>
        <p class="row-figures">
          {figures.map(f => (
            <span key={f} class="figure">
              {f}
            </span>
          ))}
          <span class={`tag ${p.figures}`}>{t.figures[p.figures]?.list ?? p.figures}</span>
          {p.occurrence !== 'confirmed' && <span class="tag unsure">{word(t.occurrence, p.occurrence)}</span>}
        </p>
      </div>
    </li>
  )
}

/** Arrow keys, Home and End walk the rows. */
export function walk(e: KeyboardEvent) {
  const list = (e.currentTarget as HTMLElement).closest('.list')
  const links = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  const at = links.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, j: at + 1, k: at - 1, Home: 0, End: links.length - 1 }[
    e.key
  ]
  const target = to === undefined ? undefined : links[to]
  if (!target || e.ctrlKey || e.metaKey || e.altKey) return
  e.preventDefault()
  target.focus()
}
