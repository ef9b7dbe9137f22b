// An area by its numbers: the equal of drawing it, for keys and for those who have coordinates.
import { useState } from 'preact/hooks'
import { bboxOf } from '../state'
import { dispatch, state } from '../store'
import { text } from '../text'
import { mapBounds } from './mapbox'
import { show } from './windows'

const sides = ['west', 'south', 'east', 'north'] as const

export function TypedArea() {
  const t = text()
  const now = state.value.bbox ?? mapBounds.value?.() ?? null
  const [typed, type] = useState<readonly string[]>(sides.map((_, k) => now?.[k]?.toString() ?? ''))
  const [wrong, setWrong] = useState(false)
  const apply = (e: Event) => {
    e.preventDefault()
    const [w, s, east, n] = typed.map(v => (v.trim() === '' ? Number.NaN : Number(v.replace(',', '.'))))
    const lon = (x = Number.NaN) => x >= -180 && x <= 180
    const lat = (y = Number.NaN) => y >= -90 && y <= 90
    if (!lon(w) || !lon(east) || !lat(s) || !lat(n) || (s as number) > (n as number)) return setWrong(true)
    dispatch({
      bbox: bboxOf(w as number, s as number, east as number, n as number),
      corners: null,
      area: null,
      view: null,
    })
    show(null)
  }
  return (
    <form class="typed-area" onSubmit={apply}>
      <p class="note">{t.filters.degrees}</p>
      <div class="toll">
        {sides.map((side, k) => (
          <label key={side}>
            <span>{t.filters[side]}</span>
            <input
              inputMode="decimal"
              value={typed[k]}
              aria-invalid={wrong}
              aria-describedby={wrong ? 'bad-box' : undefined}
              onInput={e => {
                const { value } = e.currentTarget
                type(typed.map((v, at) => (at === k ? value : v)))
              }}
            />
          </label>
        ))}
      </div>
      {wrong && (
        <p class="wrong" id="bad-box" role="alert">
          {t.filters.badBox}
        </p>
      )}
      <button type="submit" class="action primary">
        {t.filters.apply}
      </button>
    </form>
  )
}
