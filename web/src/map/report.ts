// What the map says of itself in the page.
import type { Map as GlMap } from 'maplibre-gl'

/**
 * Says in the page what is drawn, for the tests: how many symbols, incidents in them, segments; which base layers.
 * It says nothing while answers or tiles are on their way or the map moves: then something else may be drawn next.
 */
export function reporter(map: GlMap, container: HTMLElement, complete: () => boolean) {
  const unsay = () => {
    delete container.dataset.drawn
  }
  const say = () => {
    if (!complete()) return
    const drawn = (ids: string[]) => map.queryRenderedFeatures({ layers: ids.filter(id => map.getLayer(id)) })
    const symbols = drawn(['incidents', 'incidents-merged'])
    const incidents = symbols.reduce((n, f) => n + Number(f.properties.number ?? f.properties.count ?? 1), 0)
    const lines = drawn(['segments-hit']).map(f => String(f.properties.id))
    // Once is enough: to look through all shapes takes its time.
    if (container.dataset.base === undefined) {
      const base = drawn(['states', 'regions', 'lake', 'river']).map(f => f.sourceLayer ?? '')
      container.dataset.base = [...new Set(base)].sort().join(' ')
    }
    container.dataset.drawn = `${symbols.length} ${incidents} ${new Set(lines).size}`
  }
  map.on('dataloading', unsay)
  map.on('movestart', unsay)
  map.on('idle', say)
  return {
    /** A frame has come; `was` is whether the one before was complete. */
    changed(was: boolean) {
      if (!complete()) unsay()
      // The last answer may change nothing, and a map that rests tells nothing.
      else if (!was) map.triggerRepaint()
    },
  }
}
