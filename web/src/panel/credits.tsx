import { text } from '../text'

export function Credits() {
  const { credits: c } = text()
  return (
    <footer class="credits">
      <span class="approximation">{c.approximation}</span>
      <span>
        {c.lines} <a href="https://www.openstreetmap.org/copyright">{c.osm}</a>
      </span>
      <span>{c.base}</span>
      <span>
        {c.positions} {c.geonames}
      </span>
      <span>{c.demarc}</span>
      <a href="/licences">{c.all}</a>
    </footer>
  )
}
