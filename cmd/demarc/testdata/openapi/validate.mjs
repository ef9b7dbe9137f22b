// Reads an API definition with swagger-parser and says whether it is valid.
import SwaggerParser from '@apidevtools/swagger-parser'

try {
  const api = await SwaggerParser.validate(process.argv[2])
  console.log(`valid: ${Object.keys(api.paths).length} paths`)
} catch (error) {
  console.log(String(error))
  process.exit(1)
}
