// The histories of all segments of the border, which their lists have.
import { computed } from '@preact/signals'
import { type Section, stretchesOf } from './spans'
import { others, segments } from './store'

/** Those of the border on the map's date, and of the line of another time, each once. */
export const sections = computed<readonly Section[]>(() => {
  const lines = [...(segments.load.value.data ?? []), ...(others.load.value.data ?? [])]
  const own = lines.map(l => l.properties).filter(p => p.role !== 'context')
  return [...new Map(own.map(p => [p.id, { ...p, history: stretchesOf(p.status_history ?? '') }])).values()]
})
