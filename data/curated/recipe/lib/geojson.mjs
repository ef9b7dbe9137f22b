// GeoJSON text (RFC 7946): one feature a line, so that a diff names the feature.

export function featureCollection(features) {
  const lines = features.map((feature) => JSON.stringify(feature));
  return `{"type":"FeatureCollection","features":[\n${lines.join(',\n')}\n]}\n`;
}
