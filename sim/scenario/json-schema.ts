/** The schema for editors: the same source as the loader's, as JSON Schema (draft 2020-12). */
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { scenarioSchema } from './schema.ts';

type Json = { [key: string]: unknown };

/** What a scenario file may contain, with the options of every protocol of the catalogue. */
export function jsonSchema(catalogue: Catalogue): Json {
  const schema = toJson(scenarioSchema);
  const protocols = [...catalogue.protocols.values()];
  const properties = schema['properties'] as Record<string, Json>;
  const ids = (lists: readonly (readonly { readonly id: string }[])[]) =>
    [...new Set(lists.flat().map(({ id }) => id))].toSorted((a, b) => (a < b ? -1 : 1));
  suggest(
    properties['protocol'],
    protocols.map(({ name }) => name),
  );
  suggest(items(properties['mutants']), ids(protocols.map(({ mutants }) => mutants)));
  suggest(
    items(properties['invariants']),
    ids([...protocols.map(({ invariants }) => invariants), catalogue.historyInvariants]),
  );
  return {
    ...schema,
    title: 'A scenario of Schism',
    allOf: protocols.map(({ name, optionsSchema }) => {
      const { $schema: _, ...options } = toJson(optionsSchema.strict());
      return {
        if: { properties: { protocol: { const: name } }, required: ['protocol'] },
        // Not required to be there: an absent section has nothing to say against.
        // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
        then: { properties: { options } },
      };
    }),
  };
}

function toJson(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      // Unquoted, YAML reads {leader} as a mapping; the loader takes both.
      if (z.globalRegistry.get(zodSchema)?.id !== 'NodeRef') return;
      const { type, minLength, ...rest } = jsonSchema;
      const group = { type: 'object', maxProperties: 1, additionalProperties: { type: 'null' } };
      Object.assign(jsonSchema, { ...rest, anyOf: [{ type, minLength }, group] });
      delete jsonSchema.type;
      delete jsonSchema.minLength;
    },
  }) as Json;
}

/** Suggested, not demanded: a user's own module has names of its own. */
function suggest(schema: Json | undefined, examples: readonly string[]): void {
  if (schema !== undefined && examples.length > 0) schema['examples'] = examples;
}

function items(schema: Json | undefined): Json | undefined {
  return schema?.['items'] as Json | undefined;
}
