// The head of the screen: name, search, day of knowledge, language, colours, and what opens in windows of its own.
import { useEffect, useState } from 'preact/hooks'
import { introOpen } from '../actions'
import { hits } from '../api'
import { type Language, languages, searchOf, serialise, type Theme, themes } from '../state'
import { dispatch, edition, news, now, state } from '../store'
import { ownNames, text, unreviewed } from '../text'
import { DateField } from './date-field'
import { Glyph } from './icons'
import { show } from './windows'

export function Header() {
  const t = text()
  return (
    <header class="top">
      <svg class="logo" width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
        <path d="M2 17.5C8 17.5 7 9.5 13 9.5S18 4.5 24 4.5" />
        <path d="M2 22C10 22 9.6 14 15 14s4.6-5 9-5" />
        <circle cx="13" cy="11.8" r="3.4" />
      </svg>
      <h1>{t.app.title}</h1>
      <p class="tagline">{t.app.tagline}</p>
      <Search />
      <AsOf />
      <div class="tools">
        <button
          type="button"
          class="quiet start-button"
          aria-expanded={introOpen.value}
          onClick={() => (introOpen.value = !introOpen.value)}
        >
          {t.app.start}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={t.app.take}
          aria-haspopup="dialog"
          onClick={() => show('take')}
        >
          <Glyph name="down" />
          <span>{t.app.take}</span>
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={t.app.help}
          aria-haspopup="dialog"
          onClick={() => show('help')}
        >
          <Glyph name="help" />
          <span>{t.app.help}</span>
        </button>
        <Choices />
      </div>
    </header>
  )
}

function Search() {
  const t = text()
  const { q } = state.value
  const [typed, type] = useState(q)
  useEffect(() => {
    if (searchOf(typed) !== q) type(q)
  }, [q])
  const ask = (words: string) => {
    type(words)
    dispatch({ q: searchOf(words) }, 'replace')
  }
  return (
    <search class="search">
      <Glyph name="search" />
      <input
        id="search"
        type="search"
        aria-label={`${t.app.search}: ${t.app.searchHint}`}
        placeholder={t.app.searchHint}
        value={typed}
        maxLength={80}
        onInput={e => ask(e.currentTarget.value)}
      />
    </search>
  )
}

/** The second time axis: what was known at the end of a day. */
function AsOf() {
  const t = text()
  const { asof } = state.value
  const set = (day: string | null) => dispatch({ asof: day === null || day >= now ? null : day })
  return (
    <div class={`asof${asof ? ' on' : ''}`} title={t.asof.help}>
      <DateField
        id="asof"
        label={t.asof.label}
        value={asof ?? now}
        min="1990-01-01"
        max={now}
        takes="last"
        set={set}
      />
      {asof !== null && (
        <button type="button" class="quiet" onClick={() => set(null)}>
          {t.asof.latest}
        </button>
      )}
    </div>
  )
}

function Choices() {
  const t = text()
  const { lang, theme } = state.value
  return (
    <>
      <label class="choice-of">
        <span class="visually-hidden">{t.app.language}</span>
        <select
          id="language"
          value={t.lang}
          onChange={e => dispatch({ lang: e.currentTarget.value as Language }, 'replace')}
        >
          {languages.map(l => (
            <option key={l} value={l} lang={l}>
              {ownNames[l]}
              {unreviewed.includes(l) ? ` (${t.app.unreviewed})` : ''}
            </option>
          ))}
        </select>
      </label>
      <label class="choice-of">
        <span class="visually-hidden">{t.app.theme}</span>
        <select
          id="theme"
          value={theme ?? 'auto'}
          onChange={e => {
            const value = e.currentTarget.value
            dispatch({ theme: value === 'auto' ? null : (value as Theme) }, 'replace')
          }}
        >
          {(['auto', ...themes] as const).map(x => (
            <option key={x} value={x}>
              {t.app.themes[x]}
            </option>
          ))}
        </select>
      </label>
      {lang !== null && unreviewed.includes(t.lang) && (
        <span class="visually-hidden">{t.app.unreviewed}</span>
      )}
    </>
  )
}

/** The amber notice while a day of knowledge in the past is chosen, and the quiet one of changes. */
export function Notices() {
  const t = text()
  const { asof } = state.value
  const [later, setLater] = useState<number | null>(null)
  useEffect(() => {
    setLater(null)
    if (asof === null) return
    const abort = new AbortController()
    const all = hits('claims', {}, abort.signal)
    const then = hits('claims', { asof }, abort.signal)
    Promise.all([all, then]).then(
      ([a, b]) => setLater(a - b),
      () => {},
    )
    return () => abort.abort()
  }, [asof])
  return (
    <>
      {asof !== null && (
        <p class="notice asof-notice" role="status">
          <span>
            <strong>{t.asof.notice(t.date(asof))}</strong>{' '}
            {later !== null && later > 0 && t.asof.hidden(later)}
          </span>
          <button type="button" class="action" onClick={() => dispatch({ asof: null })}>
            {t.asof.show}
          </button>
        </p>
      )}
      <p class={news.value > 0 ? 'notice news' : 'visually-hidden'} role="status">
        {news.value > 0 && asof === null && (
          <>
            <span>{t.live.news(news.value)}</span>
            <button
              type="button"
              class="action"
              onClick={() => {
                news.value = 0
                edition.value++
              }}
            >
              {t.live.show}
            </button>
          </>
        )}
      </p>
    </>
  )
}

/** In an embedded map: the way to the whole one. */
export function EmbedBar() {
  const t = text()
  const href = `/${serialise({ ...state.value, embed: false })}`
  return (
    <p class="embed-bar">
      <a href={href} target="_blank" rel="noopener">
        {t.app.full}
      </a>
    </p>
  )
}
