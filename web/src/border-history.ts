// The histories of all segments of the border.
import { signal } from '@preact/signals'
import { item, type SegmentDetail } from './api'
import { resource } from './resource'
import type { Section } from './spans'
import { others, segments } from './store'

/** Whether the histories are wanted; they are asked for when the screen is at rest. */
export const wanted = signal(false)

/** More segments than this are not asked for one by one. */
const most = 120

export const sections = resource<readonly Section[]>(
  () => {
    if (!wanted.value || others.load.value.status === 'loading') return null
    const lines = [...(segments.load.value.data ?? []), ...(others.load.value.data ?? [])]
    const ids = new Set(lines.filter(l => l.properties.role !== 'context').map(l => l.id))
    return ids.size === 0 || ids.size > most ? null : `history ${[...ids].sort().join()}`
  },
  async (key, signal) => {
    const left = key.slice(8).split(',')
    const out: Section[] = []
    const run = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop())
        out.push((await item<SegmentDetail>('segments', id, {}, signal)).properties)
    }
    await Promise.all([run(), run(), run(), run()])
    return out
  },
  300,
)
