import { useState } from 'preact/hooks'
import { introOpen } from '../actions'
import { text } from '../text'
import { Glyph } from './icons'

export function Header() {
  const t = text()
  const [said, say] = useState('')
  const share = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      say(t.app.shared)
    } catch {
      say(t.app.shareFailed)
    }
    setTimeout(() => say(''), 4000)
  }
  return (
    <header class="top">
      <svg class="logo" width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
        <path d="M2 17.5C8 17.5 7 9.5 13 9.5S18 4.5 24 4.5" />
        <path d="M2 22C10 22 9.6 14 15 14s4.6-5 9-5" />
        <circle cx="13" cy="11.8" r="3.4" />
      </svg>
      <h1>{t.app.title}</h1>
      <p class="tagline">{t.app.tagline}</p>
      <span class="said" role="status">
        {said}
      </span>
      <button
        type="button"
        class="quiet start-button"
        aria-expanded={introOpen.value}
        onClick={() => (introOpen.value = !introOpen.value)}
      >
        {t.app.start}
      </button>
      <button type="button" class="quiet" aria-label={t.app.share} onClick={share}>
        <Glyph name="link" />
        <span>{t.app.share}</span>
      </button>
      <a class="quiet" href="/collections?f=html">
        {t.app.data}
      </a>
    </header>
  )
}
