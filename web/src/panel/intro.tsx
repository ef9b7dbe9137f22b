import { beginAt, introOpen } from '../actions'
import { starts } from '../start'
import { text } from '../text'
import { Glyph } from './icons'

export function Intro() {
  const t = text()
  return (
    <section class="intro" aria-label={t.intro.label}>
      <button
        type="button"
        class="icon-button"
        aria-label={t.intro.close}
        onClick={() => (introOpen.value = false)}
      >
        <Glyph name="close" />
      </button>
      <p>{t.intro.sentence}</p>
      <h2>{t.intro.choose}</h2>
      <ul>
        {starts.map(s => (
          <li key={s.key}>
            <button type="button" class="start" onClick={() => beginAt(s)}>
              <span class="name">{t.intro.starts[s.key].name}</span>
              <span class="hint">{t.intro.starts[s.key].hint}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
