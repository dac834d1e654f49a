/** As much of a JSON Schema validator (draft 2020-12) as our schemas use. */

type Schema = { readonly [word: string]: unknown };
type Fields = { readonly [name: string]: unknown };

/** Words that say nothing about what is valid. */
const silent = ['$schema', '$defs', 'title', 'description', 'examples', 'default', 'id', 'then'];

/** Everything about `value` that the schema forbids, each with its path. */
export function validate(schema: Schema, value: unknown): string[] {
  return new Validator(schema).check(schema, value, '$');
}

class Validator {
  private readonly root: Schema;

  constructor(root: Schema) {
    this.root = root;
  }

  check(schema: Schema | boolean, value: unknown, path: string): string[] {
    if (typeof schema === 'boolean') return schema ? [] : [`${path}: forbidden`];
    return Object.keys(schema).flatMap((word) =>
      silent.includes(word) ? [] : this.word(word, schema, value, path),
    );
  }

  private word(word: string, schema: Schema, value: unknown, path: string): string[] {
    const argument = schema[word];
    const schemas = argument as readonly Schema[];
    const ok = (holds: boolean) => (holds ? [] : [`${path}: ${word} ${JSON.stringify(argument)}`]);
    const fits = (one: Schema) => this.check(one, value, path).length === 0;
    switch (word) {
      case '$ref':
        return this.check(this.definition(argument as string), value, path);
      case 'type':
        return ok([argument].flat().some((type) => isOfType(value, type as string)));
      case 'const':
        return ok(value === argument);
      case 'enum':
        return ok((argument as readonly unknown[]).includes(value));
      case 'anyOf':
        return ok(schemas.some(fits));
      case 'oneOf':
        return ok(schemas.filter(fits).length === 1);
      case 'allOf':
        return schemas.flatMap((one) => this.check(one, value, path));
      case 'if':
        return fits(argument as Schema) ? this.check(schema['then'] as Schema, value, path) : [];
    }
    if (typeof value === 'number') return ok(isNumberWithin(word, argument as number, value));
    if (typeof value === 'string') return ok(isTextWithin(word, argument, value));
    if (Array.isArray(value)) return this.list(word, schema, value, path, ok);
    if (typeof value === 'object' && value !== null) {
      return this.mapping(word, schema, value as Fields, path, ok);
    }
    return [];
  }

  private list(
    word: string,
    schema: Schema,
    value: readonly unknown[],
    path: string,
    ok: (holds: boolean) => string[],
  ): string[] {
    const argument = schema[word];
    const first = (schema['prefixItems'] as readonly Schema[] | undefined) ?? [];
    switch (word) {
      case 'prefixItems':
        return first.flatMap((item, i) =>
          i < value.length ? this.check(item, value[i], `${path}[${i}]`) : [],
        );
      case 'items':
        return value
          .slice(first.length)
          .flatMap((item, i) => this.check(argument as Schema, item, `${path}[${i}]`));
      case 'minItems':
        return ok(value.length >= (argument as number));
      case 'maxItems':
        return ok(value.length <= (argument as number));
    }
    return [];
  }

  private mapping(
    word: string,
    schema: Schema,
    value: Fields,
    path: string,
    ok: (holds: boolean) => string[],
  ): string[] {
    const argument = schema[word];
    const properties = (schema['properties'] as { [name: string]: Schema } | undefined) ?? {};
    const names = Object.keys(value);
    switch (word) {
      case 'properties':
        return names.flatMap((name) =>
          Object.hasOwn(properties, name)
            ? this.check(properties[name] as Schema, value[name], `${path}.${name}`)
            : [],
        );
      case 'additionalProperties':
        return names
          .filter((name) => !Object.hasOwn(properties, name))
          .flatMap((name) => this.check(argument as Schema, value[name], `${path}.${name}`));
      case 'propertyNames':
        return names.flatMap((name) => this.check(argument as Schema, name, `${path}.${name}`));
      case 'required':
        return ok((argument as readonly string[]).every((name) => Object.hasOwn(value, name)));
      case 'minProperties':
        return ok(names.length >= (argument as number));
      case 'maxProperties':
        return ok(names.length <= (argument as number));
    }
    return [];
  }

  private definition(reference: string): Schema {
    const definitions = this.root['$defs'] as { readonly [name: string]: Schema };
    const found = definitions[reference.replace('#/$defs/', '')];
    if (found === undefined) throw new Error(`nothing is defined as ${reference}`);
    return found;
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isNumberWithin(word: string, limit: number, value: number): boolean {
  switch (word) {
    case 'minimum':
      return value >= limit;
    case 'maximum':
      return value <= limit;
    case 'exclusiveMinimum':
      return value > limit;
    case 'exclusiveMaximum':
      return value < limit;
    default:
      return true;
  }
}

function isTextWithin(word: string, argument: unknown, value: string): boolean {
  switch (word) {
    case 'minLength':
      return value.length >= (argument as number);
    case 'maxLength':
      return value.length <= (argument as number);
    case 'pattern':
      return new RegExp(argument as string).test(value);
    default:
      return true;
  }
}
