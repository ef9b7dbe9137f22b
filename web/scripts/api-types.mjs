// Writes the types of the API's features from its own definition: node scripts/api-types.mjs URL > src/api.gen.ts
// (npm run api-types starts the program for it). The journeys hold the file to the definition.
const scalar = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean' }

function typeOf({ type, enum: words, items }) {
  if (words) return words.map(w => JSON.stringify(w).replaceAll('"', "'")).join(' | ')
  if (type === 'array') return `readonly ${typeOf(items)}[]`
  return scalar[type] ?? 'unknown'
}

function member([name, schema]) {
  const type = typeOf(schema)
  const whole = schema.nullable && !/\bnull\b/.test(type) ? `${type} | null` : type
  return `  readonly ${/^\w+$/.test(name) ? name : `'${name}'`}?: ${whole}`
}

/** The text of the file for an OpenAPI document. */
export function apiTypes(api) {
  const features = Object.entries(api.components.schemas)
    .filter(([name]) => name.endsWith('Feature') && name !== 'feature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = features.map(([name, schema]) => {
    const own = schema.allOf.map(s => s.properties?.properties?.properties).find(Boolean) ?? {}
    const members = Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))
    const title = name.charAt(0).toUpperCase() + name.slice(1, -'Feature'.length)
    return `export interface ${title}Properties {\n${members.map(member).join('\n')}\n}\n`
  })
  return `// Made by \`npm run api-types\` from the service's OpenAPI definition. Not to be edited.\n\n${parts.join('\n')}`
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { server } = await import('../e2e/lib.mjs')
  const { url, stop } = await server()
  try {
    process.stdout.write(apiTypes(await (await fetch(`${url}/api?f=json`)).json()))
  } finally {
    stop()
  }
}
