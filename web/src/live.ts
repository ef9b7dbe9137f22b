// Changes as the server announces them: counted quietly, shown when the reader asks. They never move the view.
import { computed, effect } from '@preact/signals'
import { news, state } from './store'

/** No more than one announcement in this time, in ms. */
const pace = 30_000
const shown = ['incidents', 'claims', 'segments']

/** Listens while the page shows all that is known; not in a frame, and not where a day of the past is shown. */
export function followChanges() {
  if (typeof EventSource !== 'function') return
  let waiting = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = () => {
    timer = undefined
    if (waiting === 0) return
    news.value += waiting
    waiting = 0
    timer = setTimeout(tell, pace)
  }
  const count = (n: number) => {
    waiting += n
    if (timer === undefined) tell()
  }
  const listening = computed(() => state.value.asof === null && !state.value.embed)
  effect(() => {
    if (!listening.value) return
    // The browser reconnects by itself, from the last event that it had.
    const stream = new EventSource('/events')
    stream.addEventListener('change', e => count(changesIn((e as MessageEvent<string>).data)))
    stream.addEventListener('reload', () => count(1))
    return () => stream.close()
  })
}

/** How many changes of an event concern what the page shows; 0 for what cannot be read. */
export function changesIn(text: string): number {
  try {
    const { changes } = JSON.parse(text) as { changes?: { collection?: string }[] }
    return (changes ?? []).filter(c => shown.includes(c.collection ?? '')).length
  } catch {
    return 0
  }
}
