// The choices that narrow the incidents, with their counts.
import { useState } from 'preact/hooks'
import { drawing } from '../actions'
import { type Facet, without } from '../filters'
import { insides, metrics, type State } from '../state'
import { counts, dispatch, matched, nameOf, segments, state } from '../store'
import { text, word } from '../text'
import { mapBounds } from './mapbox'
import { show } from './windows'

export function Choices({ on, close }: { on: number; close: () => void }) {
  const t = text()
  return (
    <>
      <Choice facet="types" legend={t.filters.kind} name={k => word(t.types, k)} few={7} />
      <Choice
        facet="figures"
        legend={t.filters.claims}
        name={k => t.figures[k]?.name ?? word({}, k)}
        hint={k => t.figures[k]?.hint}
        order={['conflicting', 'converging', 'agreed', 'single_claim', 'not_comparable', 'none']}
      />
      <Toll />
      <Choice facet="occurrence" legend={t.filters.occurrence} name={k => word(t.occurrence, k)} />
      <Choice
        facet="verification"
        legend={t.filters.verification}
        name={k => word(t.verification, k)}
        order={[
          'acknowledged_by_both',
          'confirmed_third_party',
          'documented_independently',
          'party_own_loss',
          'party_about_adversary',
          'official_unverified',
          'media_sourced',
          'unattributed',
          'outlet_could_not_verify',
          'refuted',
          'derived',
        ]}
        few={5}
      />
      <Choice
        facet="precision"
        legend={t.filters.precision}
        name={k => word(t.precision, k)}
        order={[
          'exact_point',
          'facility',
          'village',
          'area',
          'jamoat',
          'district',
          'region',
          'country',
          'none',
        ]}
        few={5}
      />
      <Choice
        facet="parties"
        legend={t.filters.party}
        name={k => t.parties[k] ?? nameOf('parties', k)}
        few={5}
      />
      <Where />
      <div class="filter-actions">
        {on > 0 && (
          <button type="button" class="action" onClick={() => dispatch(without())}>
            {t.filters.clear}
          </button>
        )}
        <button type="button" class="action filters-done" onClick={close}>
          {t.filters.show(matched.value)}
        </button>
      </div>
    </>
  )
}

function toggled(list: readonly string[], id: string): string[] {
  return list.includes(id) ? list.filter(x => x !== id) : [...list, id].sort()
}

interface ChoiceProps {
  readonly facet: Facet
  readonly legend: string
  readonly name: (value: string) => string
  readonly hint?: (value: string) => string | undefined
  readonly order?: readonly string[]
  /** With more choices than this the rest is folded away. */
  readonly few?: number
}

function Choice({ facet, legend, name, hint, order, few = 99 }: ChoiceProps) {
  const t = text()
  const [all, setAll] = useState(false)
  const n = counts(facet)
  const chosen = state.value[facet]
  const values = [...new Set([...n.keys(), ...chosen])]
  const rank = (v: string) => (order ? (order.indexOf(v) + order.length + 1) % (order.length + 1) : 0)
  // Parties stand in the order of their names, so that none comes first by its number.
  const byName = facet === 'parties'
  values.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (byName || order ? 0 : (n.get(b) ?? 0) - (n.get(a) ?? 0)) ||
      name(a).localeCompare(name(b)),
  )
  if (values.length === 0) return null
  const shown = all ? values : values.filter((v, i) => i < few || chosen.includes(v))
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="choices">
        {shown.map(v => (
          <label key={v} title={hint?.(v)}>
            <input
              type="checkbox"
              checked={chosen.includes(v)}
              onChange={() => dispatch({ [facet]: toggled(chosen, v) })}
            />
            <span class="choice">{name(v)}</span>
            <span class="n">{t.number(n.get(v) ?? 0)}</span>
          </label>
        ))}
      </div>
      {values.length > few && (
        <button type="button" class="link" onClick={() => setAll(!all)}>
          {all ? t.filters.fewer : t.filters.more(values.length)}
        </button>
      )}
    </fieldset>
  )
}

function Toll() {
  const t = text()
  const { metric, min, max } = state.value
  const end = (key: 'min' | 'max', label: string, value: number | null) => (
    <label>
      <span>{label}</span>
      <input
        type="number"
        min="0"
        step="1"
        inputMode="numeric"
        value={value ?? ''}
        onChange={e => {
          const n = e.currentTarget.valueAsNumber
          dispatch({ [key]: Number.isInteger(n) && n >= 0 && n < 1e9 ? n : null })
        }}
      />
    </label>
  )
  return (
    <fieldset>
      <legend>{t.filters.toll}</legend>
      <div class="toll">
        <MetricChoice label={t.filters.metric} />
        {end('min', t.filters.min, min)}
        {end('max', t.filters.max, max)}
      </div>
      <span class="visually-hidden">{word(t.metrics, metric)}</span>
    </fieldset>
  )
}

/** Which figure symbols show and the toll narrows. */
export function MetricChoice({ label }: { label: string }) {
  const t = text()
  return (
    <label>
      <span>{label}</span>
      <select
        value={state.value.metric}
        onChange={e => dispatch({ metric: e.currentTarget.value as State['metric'] }, 'replace')}
      >
        {metrics.map(m => (
          <option key={m} value={m}>
            {word(t.metrics, m)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Where() {
  const t = text()
  const { near } = state.value
  const lines = segments.load.value.data ?? []
  const named = lines.map(l => l.properties).sort((a, b) => a.name.localeCompare(b.name))
  const here = near !== null && !named.some(p => p.id === near.segment)
  const km = near?.km ?? 5
  const set = (segment: string, km: number) =>
    dispatch({ near: segment === '' ? null : { segment, km: Math.min(500, Math.max(0.1, km || 5)) } })
  return (
    <fieldset>
      <legend>{t.filters.where}</legend>
      <div class="toll near">
        <label>
          <span>{t.filters.nearSegment}</span>
          <select value={near?.segment ?? ''} onChange={e => set(e.currentTarget.value, km)}>
            <option value="">{t.filters.noSegment}</option>
            {here && <option value={near.segment}>{nameOf('segments', near.segment)}</option>}
            {named.map(p => (
              <option key={p.id} value={p.id}>
                {p.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t.filters.km}</span>
          <input
            type="number"
            min="0.1"
            max="500"
            step="any"
            value={km}
            disabled={near === null}
            onChange={e => near && set(near.segment, e.currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      <label class="inside">
        <span>{t.filters.inside}</span>
        <select
          value={state.value.inside ?? ''}
          onChange={e => dispatch({ inside: insides.find(x => x === e.currentTarget.value) ?? null })}
        >
          <option value="">{t.filters.position}</option>
          {insides.map(x => (
            <option key={x} value={x}>
              {t.filters[x]}
            </option>
          ))}
        </select>
      </label>
      <div class="filter-actions">
        {mapBounds.value && (
          <>
            <button
              type="button"
              class="action"
              onClick={() => dispatch({ bbox: mapBounds.peek()?.() ?? null, area: null })}
            >
              {t.filters.inView}
            </button>
            <button type="button" class="action" onClick={() => (drawing.value = !drawing.value)}>
              {drawing.value ? t.filters.stopDrawing : t.filters.draw}
            </button>
          </>
        )}
        <button type="button" class="action" aria-haspopup="dialog" onClick={() => show('box')}>
          {t.filters.type}
        </button>
      </div>
    </fieldset>
  )
}
