// The help and the page about the data.
import { useEffect, useState } from 'preact/hooks'
import { keysOn } from '../keys'
import type { Language } from '../state'
import { text, unreviewed } from '../text'
import { type Chapter, help as english, type HelpText } from '../text/en-help'

const others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ help: Partial<HelpText> }>>> = {
  ru: () => import('../text/ru-help'),
  ky: () => import('../text/ky-help'),
  tg: () => import('../text/tg-help'),
}

export function Help() {
  const t = text()
  const [words, set] = useState<HelpText>(english)
  useEffect(() => {
    if (t.lang === 'en') return set(english)
    others[t.lang]().then(
      m => set({ ...english, ...m.help }),
      () => set(english),
    )
  }, [t.lang])
  return (
    <div class="help">
      {unreviewed.includes(t.lang) && <p class="warning">{t.app.unreviewed}</p>}
      <Chapters list={words.help} />
      <h3>{t.help.keys}</h3>
      <label class="switch">
        <input
          type="checkbox"
          checked={keysOn.value}
          onChange={e => (keysOn.value = e.currentTarget.checked)}
        />
        {t.help.single}
      </label>
      <dl class="keys">
        {words.keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2 class="part">{t.help.data}</h2>
      <Chapters list={words.data} />
      <p class="files">
        <a class="action" href="/collections?f=html">
          {t.app.data}
        </a>
        <a class="action" href="/licences">
          {t.credits.all}
        </a>
      </p>
    </div>
  )
}

function Chapters({ list }: { list: readonly Chapter[] }) {
  return (
    <>
      {list.map(c => (
        <section key={c.title}>
          <h3>{c.title}</h3>
          {c.paragraphs.map(p => (
            <p key={p}>{p}</p>
          ))}
        </section>
      ))}
    </>
  )
}
