// Taking the screen away: the files of the query, layers for QGIS, addresses, link, embedding, picture, print. All of it
// is the API's own address with the parameters of the screen.
import { useState } from 'preact/hooks'
import { address } from '../api'
import { lineLooks } from '../map/looks'
import { type QgisLayer, qlr } from '../qlr'
import { serialise } from '../state'
import { listAddress, matched, onDate, question, shown, state } from '../store'
import { text, word } from '../text'
import { conditions } from './filters'
import { onScreen } from './mapbox'
import { picture } from './picture'
import { show } from './windows'

const files = ['json', 'csv', 'gpkg', 'fgb', 'parquet', 'kml', 'jsonfg', 'ndjson'] as const
const most = 10_000

export function Take() {
  const t = text()
  const { asof } = state.value
  return (
    <>
      <p>
        <strong>{t.take.count(matched.value)}</strong> {conditions().join(' · ')}{' '}
        {asof !== null && t.take.asof(t.date(asof))} {(matched.value ?? 0) > most && t.take.limited(most)}
      </p>
      <h3>{t.take.incidents}</h3>
      <p class="files">
        {files.map(f => (
          <a key={f} class="action" href={listAddress(f)} download={`incidents.${f}`}>
            {t.take.formats[f] ?? f}
          </a>
        ))}
      </p>
      <Claims />
      <p class="note">
        {t.take.licence} <a href="/licences">{t.take.licences}</a>
      </p>
      <p class="files">
        <button type="button" class="action" onClick={() => save('README.txt', 'text/plain', readme())}>
          {t.take.readme}
        </button>
      </p>
      <h3>{t.take.qgis}</h3>
      <p class="note">{t.take.qgisHint}</p>
      <p class="files">
        <button type="button" class="action" onClick={() => saveLayer(incidentLayer())}>
          {t.take.qgisIncidents}
        </button>
        <button type="button" class="action" onClick={() => saveLayer(borderLayer())}>
          {t.take.qgisBorder}
        </button>
      </p>
      <h3>{t.take.addresses}</h3>
      <Address id="landing" label={t.take.landing} value={`${location.origin}/`} />
      <Address id="query" label={t.take.query} value={location.origin + listAddress('json')} />
      <Address
        id="tiles"
        label={t.take.tiles}
        value={`${location.origin}/collections/incidents/tiles/WebMercatorQuad/{z}/{y}/{x}`}
      />
      <h3>{t.take.share}</h3>
      <Address id="link" label={t.take.link} value={location.href} />
      <Address id="embed" label={t.take.embed} value={frame()} />
      <p class="files">
        <Png />
        <button
          type="button"
          class="action"
          onClick={() => {
            show(null)
            setTimeout(() => print(), 50)
          }}
        >
          {t.take.print}
        </button>
      </p>
    </>
  )
}

function Claims() {
  const t = text()
  const ids = shown.value.map(i => i.id)
  // A longer list would not fit into an address.
  if (ids.length === 0 || ids.length > 200 || ids.length < (matched.value ?? 0)) return null
  const filter = `incident_id IN (${ids.map(id => `'${id.replaceAll("'", "''")}'`).join(', ')})`
  const { asof } = state.value
  return (
    <>
      <p class="note">{t.take.claims}</p>
      <p class="files">
        {(['csv', 'json'] as const).map(f => (
          <a
            key={f}
            class="action"
            href={address('claims', { filter, asof, limit: String(most), f })}
            download={`claims.${f}`}
          >
            {t.take.formats[f]}
          </a>
        ))}
      </p>
    </>
  )
}

function Address({ id, label, value }: { id: string; label: string; value: string }) {
  const t = text()
  const [said, say] = useState('')
  const copy = async () => {
    const box = document.getElementById(`address-${id}`) as HTMLInputElement | null
    box?.select()
    try {
      await navigator.clipboard.writeText(value)
      say(t.card.copied)
      setTimeout(() => say(''), 4000)
    } catch {
      say(t.card.copyFailed)
    }
  }
  return (
    <div class="address">
      <label for={`address-${id}`}>{label}</label>
      <input id={`address-${id}`} readOnly value={value} />
      <button type="button" class="action" aria-label={`${t.take.copy}: ${label}`} onClick={copy}>
        {t.take.copy}
      </button>
      <span class="said" role="status">
        {said}
      </span>
    </div>
  )
}

/** The map as a frame of another page. */
function frame(): string {
  const src = `${location.origin}/${serialise({ ...state.value, embed: true, pane: 'map', tab: 'incidents' })}`
  return `<iframe src="${src.replaceAll('&', '&amp;')}" title="${text().app.pageTitle}" width="800" height="560" loading="lazy"></iframe>`
}

function Png() {
  const t = text()
  const [said, say] = useState('')
  const map = onScreen.value
  if (map === null) return <span class="soft">{t.take.noMap}</span>
  const make = async () => {
    const blob = await picture(map)
    if (blob) saveBlob('demarc.png', blob)
    say(t.take.made)
  }
  return (
    <>
      <button type="button" class="action" title={t.take.pngHint} onClick={make}>
        {t.take.png}
      </button>
      <span class="said" role="status">
        {said}
      </span>
    </>
  )
}

function incidentLayer(): QgisLayer {
  const t = text()
  const { metric } = state.value
  return {
    id: 'demarc_incidents',
    name: [t.take.incidents, ...conditions()].join(', '),
    url: location.origin + listAddress('json'),
    geometry: 'Point',
    abstract: readme(),
    size: `1.6 + 0.5 * sqrt(coalesce("${metric}_high", "${metric}_low", 0))`,
  }
}

function borderLayer(): QgisLayer {
  const t = text()
  const day = onDate.value
  const query = { datetime: day, asof: state.value.asof, limit: '1000', f: 'json' }
  return {
    id: 'demarc_border',
    name: t.legend.segments(t.date(day)),
    url: location.origin + address('segments', query),
    geometry: 'Line',
    abstract: t.border.approximation,
    classes: Object.entries(lineLooks).map(([value, look]) => ({
      value,
      label: t.status[value]?.name ?? value,
      width: look.width * 0.26,
      dash: (look.dash ?? []).map(d => (Math.max(d * look.width, 0.1) * 0.26).toFixed(2)).join(';'),
    })),
  }
}

/** What the files hold, for whoever finds them later. */
function readme(): string {
  const t = text()
  const { asof } = state.value
  return [
    t.app.pageTitle,
    '',
    `${t.take.count(matched.value)}${conditions().length > 0 ? `: ${conditions().join('; ')}` : ''}`,
    ...(asof === null ? [] : [t.take.asof(t.date(asof))]),
    `${t.take.query}: ${location.origin}${listAddress('json')}`,
    ...Object.entries(question.value).flatMap(([k, v]) => (v === null ? [] : [`  ${k} = ${v}`])),
    `${t.take.link}: ${location.href}`,
    '',
    t.take.licence,
    t.credits.approximation,
    `${t.take.licences}: ${location.origin}/licences`,
    `${word({}, 'schema')}: ${location.origin}/collections/incidents/schema`,
    '',
  ].join('\n')
}

function saveLayer(l: QgisLayer) {
  save(`${l.id}.qlr`, 'application/xml', qlr(l))
}

function save(name: string, type: string, words: string) {
  saveBlob(name, new Blob([words], { type }))
}

function saveBlob(name: string, blob: Blob) {
  const a = document.createElement('a')
  a.href = URL.createObjectURL(blob)
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000)
}
