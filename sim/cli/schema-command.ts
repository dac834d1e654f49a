/** The JSON Schema of scenarios as text. */
import { catalogue } from '../registry/index.ts';
import { jsonSchema } from '../scenario/index.ts';

export function schemaText(): string {
  return `${JSON.stringify(jsonSchema(catalogue), null, 2)}\n`;
}
