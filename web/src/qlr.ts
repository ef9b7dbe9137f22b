// A layer file for QGIS: a layer that asks this service, with the filter and the dates of the screen inside. Pure.

export interface QgisLayer {
  readonly id: string
  readonly name: string
  /** Absolute address of GeoJSON. */
  readonly url: string
  readonly geometry: 'Point' | 'Line'
  readonly abstract: string
  /** Status and dash in millimetres, for lines. */
  readonly classes?: readonly {
    readonly value: string
    readonly label: string
    readonly width: number
    readonly dash: string
  }[]
  /** An expression for the diameter in millimetres, for points. */
  readonly size?: string
}

const xml = (s: string) =>
  s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const option = (name: string, value: string) =>
  `<Option name="${name}" value="${xml(value)}" type="QString"/>`

function marker(size: string): string {
  return `<symbol name="0" type="marker" alpha="0.85"><layer class="SimpleMarker" enabled="1"><Option type="Map">${[
    option('name', 'circle'),
    option('color', '51,34,136,255'),
    option('outline_color', '255,255,255,255'),
    option('size', '2.4'),
    option('size_unit', 'MM'),
  ].join(
    '',
  )}</Option><data_defined_properties><Option type="Map"><Option name="name" value="" type="QString"/><Option name="properties" type="Map"><Option name="size" type="Map"><Option name="active" value="true" type="bool"/>${option('expression', size)}<Option name="type" value="3" type="int"/></Option></Option><Option name="type" value="collection" type="QString"/></Option></data_defined_properties></layer></symbol>`
}

function line(name: string, width: number, dash: string): string {
  return `<symbol name="${name}" type="line" alpha="1"><layer class="SimpleLine" enabled="1"><Option type="Map">${[
    option('line_color', '58,58,58,255'),
    option('line_width', String(width)),
    option('line_width_unit', 'MM'),
    option('use_custom_dash', dash ? '1' : '0'),
    option('customdash', dash || '5;2'),
    option('customdash_unit', 'MM'),
  ].join('')}</Option></layer></symbol>`
}

function renderer(l: QgisLayer): string {
  if (!l.classes)
    return `<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0"><symbols>${marker(l.size ?? '2.4')}</symbols></renderer-v2>`
  const categories = l.classes.map(
    (c, i) =>
      `<category value="${xml(c.value)}" label="${xml(c.label)}" symbol="${i}" render="true" type="string"/>`,
  )
  const symbols = l.classes.map((c, i) => line(String(i), c.width, c.dash))
  return `<renderer-v2 type="categorizedSymbol" attr="status" symbollevels="0" enableorderby="0"><categories>${categories.join('')}</categories><symbols>${symbols.join('')}</symbols></renderer-v2>`
}

/** The file's text: one layer of GDAL's provider, in longitude and latitude on WGS 84. */
export function qlr(l: QgisLayer): string {
  const source = xml(`/vsicurl/${l.url}`)
  return `<!DOCTYPE qgis-layer-definition>
<qlr>
  <layer-tree-group name="" checked="Qt::Checked" expanded="1">
    <layer-tree-layer id="${l.id}" name="${xml(l.name)}" providerKey="ogr" source="${source}" checked="Qt::Checked" expanded="1"/>
  </layer-tree-group>
  <maplayers>
    <maplayer type="vector" geometry="${l.geometry}" hasScaleBasedVisibilityFlag="0">
      <id>${l.id}</id>
      <datasource>${source}</datasource>
      <layername>${xml(l.name)}</layername>
      <resourceMetadata><title>${xml(l.name)}</title><abstract>${xml(l.abstract)}</abstract></resourceMetadata>
      <srs><spatialrefsys><authid>EPSG:4326</authid></spatialrefsys></srs>
      <provider encoding="UTF-8">ogr</provider>
      ${renderer(l)}
    </maplayer>
  </maplayers>
</qlr>
`
}
