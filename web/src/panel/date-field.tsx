// A field for a date. The browser's own follows the browser's language and order of day and month, not the page's; this
// one shows YYYY-MM-DD in every language and takes dates as people write them.
import { useEffect, useId, useState } from 'preact/hooks'
import { dateOf, dayOf, firstDay, lastDay } from '../dates'
import { text } from '../text'
import { readDate } from '../text/read-date'

interface DateFieldProps {
  readonly label: string
  readonly value: string | null
  /** The first and the last day that may be chosen. */
  readonly min?: string
  readonly max?: string
  /** Which day a month or a year stands for. */
  readonly takes: 'first' | 'last'
  readonly id?: string
  /** null for an emptied field. */
  readonly set: (day: string | null) => void
}

export function DateField({ label, value, min, max, takes, id, set }: DateFieldProps) {
  const t = text()
  const [typed, type] = useState(value ?? '')
  const [bad, setBad] = useState(false)
  useEffect(() => {
    type(value ?? '')
    setBad(false)
  }, [value])
  const take = (words: string) => {
    if (words.trim() === '') {
      setBad(false)
      return set(null)
    }
    const date = readDate(words)
    const day = date === null ? null : takes === 'first' ? firstDay(date) : lastDay(date)
    setBad(day === null)
    if (day === null) return
    const kept = within(dateOf(day), min, max)
    type(kept)
    if (kept !== value) set(kept)
  }
  const step = (by: number) => {
    const day = value === null ? null : dayOf(value)
    if (day !== null) take(dateOf(day + by))
  }
  const fault = useId()
  return (
    <div class="date-field">
      <label>
        <span>{label}</span>
        <input
          id={id}
          class="date"
          type="text"
          autocomplete="off"
          spellcheck={false}
          maxLength={40}
          placeholder={t.time.format}
          title={value === null ? undefined : t.date(value)}
          value={typed}
          aria-invalid={bad}
          aria-describedby={bad ? fault : undefined}
          onInput={e => {
            const words = e.currentTarget.value
            type(words)
            setBad(false)
            // A whole date counts at once, all else when the field is left or Enter pressed.
            if (dayOf(words) !== null) take(words)
          }}
          onChange={e => take(e.currentTarget.value)}
          onKeyDown={e => {
            const by = { ArrowUp: 1, ArrowDown: -1 }[e.key]
            if (by === undefined) return
            e.preventDefault()
            step(by)
          }}
        />
      </label>
      {bad && (
        <p class="bad-date" id={fault} role="alert">
          {t.time.badDate(t.time.format)}
        </p>
      )}
    </div>
  )
}

function within(day: string, min = '', max = '9999'): string {
  return day < min ? min : day > max ? max : day
}
