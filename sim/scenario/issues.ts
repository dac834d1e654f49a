/** zod's issues in our words: what was expected, what was found, the nearest right word. */
import type { z } from 'zod';
import { loneKey, printable, show } from './show.ts';
import { placeholders } from './schema-common.ts';
import { hint, nearest } from './suggest.ts';

export type Path = readonly (string | number)[];

/** A problem that knows where it is by path, not yet by line. */
export interface Located {
  readonly path: Path;
  /** Whether the key is meant, not its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Everything that is wrong with the shape of a value. `root` is where the value stands. */
export function shapeProblems(schema: z.ZodType, value: unknown, root: Path = []): Located[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => explain(issue, schema, value, root));
}

function explain(issue: Issue, schema: z.ZodType, whole: unknown, root: Path): Located[] {
  const inner = issue.path as Path;
  const path = [...root, ...inner];
  const value = valueAt(whole, inner);
  const say = (message: string): Located[] => [{ path, at: 'value', message }];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, whole, inner);
      return issue.keys.map((key) => ({
        path: [...path, key],
        at: 'key',
        message: `unknown key "${printable(key)}"${hint(key, known, 'allowed here')}`,
      }));
    }
    case 'invalid_union': {
      const branch = issue.errors.find((errors) => !errors.some(isWrongType));
      if (branch === undefined) {
        return say(`${issue.message}, found ${show(value)}${guess(issue.errors.flat(), value)}`);
      }
      return branch.flatMap((error) => {
        const at = [...inner, ...error.path] as PropertyKey[];
        return explain({ ...error, path: at }, schema, whole, root);
      });
    }
    case 'invalid_type': {
      if (value !== undefined) {
        const what = expected(issue);
        return say(
          what.includes('found') ? what : `${what}, found ${show(value)}${guess([issue], value)}`,
        );
      }
      return [missing(path, expected(issue))];
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (value === undefined) return [missing(path, `expected one of ${values.join(', ')}`)];
      if (isOurs(issue)) return say(withFound(issue.message, value));
      if (values.length === 1) return say(`expected ${values[0]}, found ${show(value)}`);
      const near = typeof value === 'string' ? hint(value, values, 'allowed') : '';
      const list = near.startsWith(';') ? near : '';
      return say(`expected one of ${values.join(', ')}, found ${show(value)}${list}`);
    }
    case 'too_small':
      return say(bound(issue, value, 'at least', Number(issue.minimum), issue.inclusive));
    case 'too_big':
      return say(bound(issue, value, 'at most', Number(issue.maximum), issue.inclusive));
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return say(withFound(issue.message, value));
  }
}

function missing(path: Path, wanted: string): Located {
  const message = `missing key "${String(path.at(-1))}": ${wanted}`;
  return { path: path.slice(0, -1), at: 'key', message };
}

/** zod's own sentences begin with "Invalid"; ours with what was expected. */
function isOurs(issue: Issue): boolean {
  return !issue.message.startsWith('Invalid');
}

function withFound(message: string, value: unknown): string {
  if (typeof value === 'object' && value !== null) return message;
  return message.includes('"') || message.includes('found')
    ? message
    : `${message}, found ${show(value)}`;
}

/** What someone meant who wrote `10ms` for a bare number, `yes` for true, {leder} for {leader}. */
function guess(issues: readonly Issue[], value: unknown): string {
  const meant = guesses(issues, value);
  return meant === null ? '' : `; did you mean ${meant}?`;
}

function guesses(issues: readonly Issue[], value: unknown): string | null {
  const group = loneKey(value);
  if (group !== null) return nearest(`{${group}}`, placeholders);
  if (typeof value !== 'string') return null;
  const wants = (type: string) =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.expected === type);
  if (wants('boolean') && /^(?:yes|on)$/i.test(value)) return 'true';
  if (wants('boolean') && /^(?:no|off)$/i.test(value)) return 'false';
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|%)$/.exec(value) ?? [];
  if ((wants('number') || wants('int')) && number !== undefined) {
    return unit === '%' ? String(Number(number) / 100) : number;
  }
  const words = issues.flatMap((issue) => (issue.code === 'invalid_value' ? issue.values : []));
  return nearest(value, words.map(String));
}

function isWrongType(issue: Issue): boolean {
  return (
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
  );
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
};

function expected(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  if (isOurs(issue)) return issue.message;
  return `expected ${TYPES[issue.expected] ?? issue.expected}`;
}

function bound(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  value: unknown,
  words: string,
  limit: number,
  inclusive: boolean | undefined,
): string {
  const side = inclusive === false ? words.replace('at least', 'more than') : words;
  if (issue.origin === 'string') {
    return `expected ${side} ${limit} characters, found ${(value as string).length}`;
  }
  if (issue.origin === 'array') {
    const items = limit === 1 ? '1 item' : `${limit} items`;
    return `expected ${side} ${items}, found ${(value as unknown[]).length}`;
  }
  return `expected ${side} ${limit}, found ${show(value)}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    if (!Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

/** The keys that a mapping at a path may have, by the schema. */
function keysAt(schema: z.core.$ZodType, whole: unknown, path: Path): string[] {
  let here = unwrap(schema, whole);
  for (const [depth, key] of path.entries()) {
    const value = valueAt(whole, path.slice(0, depth + 1));
    here = here.flatMap((parent) => child(parent, key)).flatMap((found) => unwrap(found, value));
  }
  return here.flatMap(({ _zod: { def } }) =>
    def.type === 'object' ? Object.keys((def as z.core.$ZodObjectDef).shape) : [],
  );
}

function child(schema: z.core.$ZodType, key: string | number): z.core.$ZodType[] {
  const { def } = schema._zod;
  if (def.type === 'array') return [(def as z.core.$ZodArrayDef).element];
  if (def.type === 'record') return [(def as z.core.$ZodRecordDef).valueType];
  if (def.type !== 'object') return [];
  const field = (def as z.core.$ZodObjectDef).shape[key];
  return field === undefined ? [] : [field];
}

/** The schemas inside of optional, default, transform and union; of a union, those that fit. */
function unwrap(schema: z.core.$ZodType, value: unknown): z.core.$ZodType[] {
  const { def } = schema._zod;
  if (def.type === 'union') {
    const { options, discriminator } = def as z.core.$ZodDiscriminatedUnionDef;
    const tag = discriminator === undefined ? undefined : valueAt(value, [discriminator]);
    return options
      .filter(
        (option) =>
          tag === undefined || option._zod.propValues?.[discriminator]?.has(tag as string),
      )
      .flatMap((option) => unwrap(option, value));
  }
  if (def.type === 'pipe') return unwrap((def as z.core.$ZodPipeDef).in, value);
  if ('innerType' in def) return unwrap((def as z.core.$ZodOptionalDef).innerType, value);
  return [schema];
}
