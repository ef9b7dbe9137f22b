// The card of a border segment: what is said of its status, by whom, and what the line is not.
import { useEffect, useRef } from 'preact/hooks'
import { closeSegment } from '../actions'
import { address, type SegmentDetail, type SegmentProps } from '../api'
import { dispatch, onDate, segmentDetail, segments } from '../store'
import { recorded, text } from '../text'
import { Glyph, LineSample } from './icons'
import { type Numbering, numbering, Refs, Sources } from './sources'
import { Failed, Loading } from './states'

export function SegmentCard({ id }: { id: string }) {
  const t = text()
  const { status, data, fault } = segmentDetail.load.value
  const onMap = segments.load.value.data?.find(s => s.properties.id === id)?.properties
  const p = data?.properties.id === id ? data.properties : undefined
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const gone = status === 'failed' && fault?.status === 404
  return (
    <article class="card card-segment" aria-labelledby="segment-title">
      <div class="card-bar">
        <span class="eyebrow">{t.segment.label}</span>
        <button type="button" class="icon-button" aria-label={t.card.close} onClick={closeSegment}>
          <Glyph name="close" />
        </button>
      </div>
      <h2 id="segment-title" ref={heading} tabIndex={-1}>
        <span>{(p ?? onMap)?.name ?? id}</span>
      </h2>
      {status === 'loading' && !p && <Loading words={t.segment.loading} />}
      {status === 'failed' && (
        <Failed what={gone ? t.segment.gone : t.segment.failed} fault={fault} retry={segmentDetail.retry} />
      )}
      {p && <Body p={p} now={onMap ?? null} />}
    </article>
  )
}

function Body({ p, now }: { p: SegmentDetail; now: SegmentProps | null }) {
  const t = text()
  const history = p.history_detail ?? []
  const sources = p.sources_detail ?? []
  const numbers = numbering(
    'segment',
    sources.map(s => s.id),
  )
  return (
    <>
      <StatusNow p={p} now={now} numbers={numbers} />
      <p class="warning">
        {t.credits.approximation} {p.geometry_note && <span lang={recorded}>{p.geometry_note}</span>}
      </p>
      {history.length > 0 && <h3>{t.segment.history}</h3>}
      <ol class="history">
        {history.map(h => (
          <li key={`${h.status} ${h.from ?? ''}`} class={isNow(h, onDate.value) ? 'now' : ''}>
            <LineSample status={h.status} />
            <div>
              <p>
                <strong>{t.status[h.status]?.name ?? h.status}</strong>{' '}
                <span class="soft">{t.segment.since(h.from || null, h.to || null)}</span>
              </p>
              {h.note && <p lang={recorded}>{h.note}</p>}
              <Said ids={h.source_ids ?? []} numbers={numbers} />
            </div>
          </li>
        ))}
      </ol>
      <dl class="facts">
        <dt>{t.segment.names}</dt>
        <dd>
          <span lang={recorded}>{p.name}</span>
          {p.name_kg && <span lang="ky"> · {p.name_kg}</span>}
          {p.name_tj && <span lang="tg"> · {p.name_tj}</span>}
        </dd>
        <dt>{t.segment.line}</dt>
        <dd>
          {typeof p.length_km === 'number' && `${t.border.km(p.length_km)} · `}
          {p.geometry_source}
        </dd>
      </dl>
      {sources.length > 0 && (
        <>
          <h3>{t.card.sources}</h3>
          <Sources sources={sources} numbers={numbers} />
        </>
      )}
      <p class="links">
        <a href={address('segments', { f: 'html' }, p.id)}>{t.segment.page}</a>
        <a href={address('segments', { f: 'json' }, p.id)}>{t.card.geojson}</a>
        <button
          type="button"
          class="link"
          onClick={() => dispatch({ near: { segment: p.id, km: 5 }, tab: 'incidents' })}
        >
          {t.segment.nearHere(5)}
        </button>
      </p>
    </>
  )
}

function StatusNow({ p, now, numbers }: { p: SegmentDetail; now: SegmentProps | null; numbers: Numbering }) {
  const t = text()
  const day = t.date(onDate.value)
  // The nearest day on which this line is in use.
  const other = p.valid_to && p.valid_to < onDate.value ? p.valid_to : p.valid_from
  return (
    <div class="status-now">
      <p class="eyebrow">{t.segment.status(day)}</p>
      {now ? (
        <>
          <p class="status-name">
            <LineSample status={now.status} width={64} />
            {t.status[now.status]?.name ?? now.status}
          </p>
          <p>
            {t.status[now.status]?.hint}{' '}
            <span class="soft">{t.segment.since(now.status_from ?? null, now.status_to ?? null)}</span>{' '}
            <Said ids={ids(now.status_source)} numbers={numbers} />
          </p>
        </>
      ) : (
        <p>
          {t.segment.other(day)}{' '}
          {other && (
            <button type="button" class="link" onClick={() => dispatch({ border: other.slice(0, 10) })}>
              {t.segment.showOn(t.date(other))}
            </button>
          )}
        </p>
      )}
    </div>
  )
}

function Said({ ids, numbers }: { ids: readonly string[]; numbers: Numbering }) {
  if (ids.length === 0) return null
  return <Refs cited={ids.map(id => ({ source_id: id }))} numbers={numbers} />
}

function ids(source: string | null | undefined): readonly string[] {
  return source ? source.split(/[,;\s]+/).filter(s => s !== '') : []
}

function isNow(h: { from?: string | null; to?: string | null }, date: string): boolean {
  return (h.from || '0000') <= date && date.slice(0, h.to?.length) <= (h.to || '9999')
}
