// When: two date fields, and a histogram of the years with a brush that pointer and keyboard can move.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { addMonths, type Day, dateOf, dayOf, monthOf } from '../dates'
import { moved, yearOf } from '../period'
import { type Range, rangeOf } from '../state'
import { dispatch, lane, onDate, span, state, years } from '../store'
import { text } from '../text'
import { DateField } from './date-field'
import { Glyph } from './icons'
import { StatusLane } from './lane'
import { lazy } from './lazy'

const BorderLane = lazy(() => import('./border-lane').then(m => m.BorderLane), true)

type End = 'from' | 'to'

export function Timeline() {
  const t = text()
  const [open, setOpen] = useState(false)
  const { range } = state.value
  const label =
    range.from === null && range.to === null ? t.time.all : t.dates(range.from ?? '…', range.to ?? '…')
  return (
    <section class={`time${open ? ' open' : ''}`} id="time" aria-label={t.time.section}>
      <button type="button" class="time-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          {t.time.label}: <strong>{label}</strong>
        </span>
        <Glyph name={open ? 'down' : 'up'} />
      </button>
      <div class="time-body">
        <div class="dates">
          <DateField
            label={t.time.from}
            value={range.from}
            takes="first"
            set={day => dispatch({ range: rangeOf(day, range.to) })}
          />
          <DateField
            label={t.time.to}
            value={range.to}
            takes="last"
            set={day => dispatch({ range: rangeOf(range.from, day) })}
          />
          <button
            type="button"
            class="action"
            disabled={range.from === null && range.to === null}
            onClick={() => dispatch({ range: { from: null, to: null } })}
          >
            {t.time.all}
          </button>
          <Play range={range} />
        </div>
        <Brush range={range} />
        <BorderDate />
      </div>
    </section>
  )
}

/** Moves the period on by its own length; without one it begins with a year. */
function Play({ range }: { range: Range }) {
  const t = text()
  const [on, turn] = useState(false)
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => {
      const next = moved(state.peek().range, 1, span.peek())
      if (next) dispatch({ range: next }, 'replace')
      else turn(false)
    }, 1100)
    return () => clearInterval(timer)
  }, [on])
  const start = () => {
    if (!on && (range.from === null || range.to === null)) {
      dispatch({ range: yearOf(span.peek()[0]) })
    }
    turn(!on)
  }
  return (
    <button type="button" class="action play" title={t.time.playHint} aria-pressed={on} onClick={start}>
      <Glyph name={on ? 'stop' : 'play'} />
      {on ? t.time.stop : t.time.play}
    </button>
  )
}

function BorderDate() {
  const t = text()
  const s = state.value
  return (
    <div class="border-date">
      <DateField
        label={t.border.on}
        value={onDate.value}
        takes="first"
        set={day => dispatch({ border: day })}
      />
      {s.border === null ? (
        <span class="soft">{s.range.to === null ? t.border.today : t.border.follows}</span>
      ) : (
        <button type="button" class="link" onClick={() => dispatch({ border: null })}>
          {t.border.follow}
        </button>
      )}
    </div>
  )
}

/** The scale of the brush: whole years across a width in pixels. */
function scale([first, last]: readonly [number, number], width: number) {
  const d0 = Date.UTC(first, 0, 1) / 86_400_000
  const d1 = Date.UTC(last + 1, 0, 1) / 86_400_000
  return {
    d0,
    d1: d1 - 1,
    x: (d: Day) => ((d - d0) / (d1 - d0)) * width,
    day: (x: number) => Math.min(d1 - 1, Math.max(d0, Math.floor(d0 + (x / width) * (d1 - d0)))),
  }
}

function Brush({ range }: { range: Range }) {
  const t = text()
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const sc = scale(span.value, Math.max(width, 1))
  const from = (range.from === null ? null : dayOf(range.from)) ?? sc.d0
  const to = (range.to === null ? null : dayOf(range.to)) ?? sc.d1
  const x0 = Math.max(0, sc.x(from))
  const x1 = Math.min(width, sc.x(to + 1))
  const set = (a: Day, b: Day, how: 'push' | 'replace') =>
    dispatch({ range: rangeOf(a <= sc.d0 ? null : dateOf(a), b >= sc.d1 ? null : dateOf(b)) }, how)
  const drag = useDrag(box, sc, { from, to }, set)
  const key = (end: End) => (e: KeyboardEvent) => {
    const day = end === 'from' ? from : to
    const next = keyed(e.key, day, end, sc)
    if (next === null) return
    e.preventDefault()
    if (end === 'from') set(Math.min(next, to), to, 'replace')
    else set(from, Math.max(next, from), 'replace')
  }
  const thumb = (end: End) => (
    <div
      class={`thumb ${end}`}
      role="slider"
      tabIndex={0}
      aria-label={end === 'from' ? t.time.start : t.time.end}
      aria-description={t.time.keys}
      aria-valuemin={end === 'from' ? sc.d0 : from}
      aria-valuemax={end === 'from' ? to : sc.d1}
      aria-valuenow={end === 'from' ? from : to}
      aria-valuetext={range[end] === null ? t.time.open : t.date(range[end])}
      style={{ left: `${end === 'from' ? x0 : x1}px` }}
      onKeyDown={key(end)}
      onPointerDown={drag(end)}
    />
  )
  const { asof } = state.value
  const known = asof === null ? null : dayOf(asof)
  const parts = lane.load.value.data
  return (
    <div class={`brush${state.value.embed ? '' : ' with-lane'}`} ref={box} onPointerDown={drag('new')}>
      <Bars width={width} x={sc.x} />
      {parts && <StatusLane of={parts} x={sc.x} d0={sc.d0} d1={sc.d1} width={width} />}
      {!parts && !state.value.embed && <BorderLane x={sc.x} d0={sc.d0} d1={sc.d1} width={width} />}
      {known !== null && known >= sc.d0 && (
        <div class="known" style={{ left: `${sc.x(known)}px` }} title={t.time.asof(t.date(asof ?? ''))} />
      )}
      <div
        class="window"
        style={{ left: `${x0}px`, width: `${Math.max(1, x1 - x0)}px` }}
        onPointerDown={drag('move')}
      />
      {thumb('from')}
      {thumb('to')}
    </div>
  )
}

function keyed(key: string, day: Day, end: End, sc: { d0: Day; d1: Day }): Day | null {
  const month = (n: number) =>
    end === 'from' ? addMonths(day, n) : (monthOf(addMonths(monthOf(day)[0], n))[1] as Day)
  const moves: Readonly<Record<string, () => Day>> = {
    ArrowLeft: () => month(-1),
    ArrowDown: () => month(-1),
    ArrowRight: () => month(1),
    ArrowUp: () => month(1),
    PageDown: () => month(-12),
    PageUp: () => month(12),
    Home: () => sc.d0,
    End: () => sc.d1,
  }
  const moved = moves[key]?.()
  return moved === undefined ? null : Math.min(sc.d1, Math.max(sc.d0, moved))
}

const height = 46

function Bars({ width, x }: { width: number; x: (d: Day) => number }) {
  const t = text()
  const list = years.value
  const most = Math.max(1, ...list.map(y => y.all))
  const total = list.reduce((n, y) => n + y.inRange, 0)
  const first = list[0]?.year ?? 0
  const last = list.at(-1)?.year ?? 0
  const step = width < 520 ? 10 : 5
  const h = (n: number) => (n === 0 ? 0 : Math.max(2, (n / most) * (height - 4)))
  const at = (year: number) => x(Date.UTC(year, 0, 1) / 86_400_000)
  const w = Math.max(1, at(first + 1) - at(first) - 1.5)
  return (
    <svg
      class="bars"
      width={width}
      height={height + 16}
      role="img"
      aria-label={t.time.chart(total, String(first), String(last))}
    >
      {list.map(y => (
        <g key={y.year}>
          <title>{t.time.bar(String(y.year), y.all)}</title>
          <rect class="hit" x={at(y.year)} y={0} width={w + 1.5} height={height} />
          <rect class="all" x={at(y.year) + 0.75} y={height - h(y.all)} width={w} height={h(y.all)} />
          <rect class="in" x={at(y.year) + 0.75} y={height - h(y.inRange)} width={w} height={h(y.inRange)} />
          {y.year % step === 0 && (
            <text x={at(y.year) + w / 2} y={height + 13} text-anchor="middle">
              {y.year}
            </text>
          )}
        </g>
      ))}
      <line class="base" x1="0" x2={width} y1={height} y2={height} />
    </svg>
  )
}

type Grip = End | 'move' | 'new'
type SetRange = (a: Day, b: Day, how: 'push' | 'replace') => void

/** Pointer drags: a thumb, the window, or a new stretch. Whole months; a mere click on a bar takes its year. */
function useDrag(
  box: { current: HTMLDivElement | null },
  sc: ReturnType<typeof scale>,
  was: { from: Day; to: Day },
  set: SetRange,
) {
  return (grip: Grip) => (e: PointerEvent) => {
    const el = box.current
    if (!el || e.button !== 0) return
    e.stopPropagation()
    const left = el.getBoundingClientRect().left
    const start = sc.day(e.clientX - left)
    const full = was.from <= sc.d0 && was.to >= sc.d1
    const how0 = grip === 'move' && full ? 'new' : grip
    let pushed = false
    const move = (ev: PointerEvent) => {
      if (!pushed && Math.abs(ev.clientX - e.clientX) < 3) return
      const day = sc.day(ev.clientX - left)
      const [a, b] = stretch(how0, start, day, was, sc)
      set(a, b, pushed ? 'replace' : 'push')
      pushed = true
    }
    const up = () => {
      el.removeEventListener('pointermove', move)
      if (pushed || how0 === 'from' || how0 === 'to') return
      const year = Number(dateOf(start).slice(0, 4))
      set(Date.UTC(year, 0, 1) / 86_400_000, Date.UTC(year, 11, 31) / 86_400_000, 'push')
    }
    el.setPointerCapture(e.pointerId)
    el.addEventListener('pointermove', move)
    el.addEventListener('lostpointercapture', up, { once: true })
  }
}

function stretch(
  grip: Grip,
  start: Day,
  day: Day,
  was: { from: Day; to: Day },
  sc: { d0: Day; d1: Day },
): [Day, Day] {
  const [first, last] = monthOf(day)
  switch (grip) {
    case 'from':
      return [Math.min(first, was.to), was.to]
    case 'to':
      return [was.from, Math.max(last, was.from)]
    case 'move': {
      const by = Math.max(sc.d0 - was.from, Math.min(sc.d1 - was.to, day - start))
      return [was.from + by, was.to + by]
    }
    case 'new': {
      const [f0, l0] = monthOf(start)
      return day < start ? [first, l0] : [f0, last]
    }
  }
}

function useWidth(box: { current: HTMLDivElement | null }): number {
  const [width, setWidth] = useState(600)
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const seen = new ResizeObserver(() => setWidth(el.clientWidth))
    seen.observe(el)
    setWidth(el.clientWidth || 600)
    return () => seen.disconnect()
  }, [box])
  return width
}
