/** What the advisor is asked: the specification's `distributed_context`, read and checked. */
import { z } from 'zod';
import { brokenRules, type Problem } from '../scenario/index.ts';
import { shapeProblems, type Located, type Path } from '../scenario/issues.ts';
import { sortProblems } from '../scenario/problems.ts';
import {
  clusterConfig,
  consistencyRequirement,
  networkAssumptions,
  problemType,
} from '../scenario/schema-cluster.ts';
import { show } from '../scenario/show.ts';
import { readSource } from '../scenario/source.ts';

const network = networkAssumptions.shape;

/** The bounds and defaults are the specification's; what it does not require may be left out. */
export const contextSchema = z
  .strictObject({
    problem_type: problemType,
    cluster_config: z
      .strictObject({
        nodes: clusterConfig.shape.nodes,
        failure_tolerance: clusterConfig.shape.failure_tolerance,
        regions: z.array(z.string()).optional(),
      })
      .optional(),
    consistency_requirement: consistencyRequirement.default('eventual'),
    network_assumptions: z
      .strictObject({
        latency_ms: network.latency_ms.unwrap().optional(),
        partition_probability: network.partition_probability.unwrap().optional(),
        byzantine: z.boolean().default(false),
      })
      .prefault({}),
  })
  .describe("The specification's distributed_context.");

export type Context = z.output<typeof contextSchema>;

export type LoadedContext =
  | { readonly ok: true; readonly context: Context }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The key that may stand around a context. */
const WRAPPER = 'distributed_context';

/**
 * Reads a context from YAML (or JSON, which is YAML), with or without the key `distributed_context`
 * around it. All problems at once, each with its place. Never throws, whatever the text.
 */
export function loadContext(text: string, file: string): LoadedContext {
  const source = readSource(text, file);
  if (source.problems.length > 0) return { ok: false, problems: sortProblems(source.problems) };
  const located = problemsOf(source.data, text);
  if (located.length > 0) {
    return { ok: false, problems: sortProblems(located.map((problem) => source.locate(problem))) };
  }
  return { ok: true, context: contextSchema.parse(unwrapped(source.data).value) };
}

function problemsOf(data: unknown, text: string): Located[] {
  if (!isMapping(data)) {
    const found = text.trim() === '' ? 'an empty file' : show(data);
    const expected = 'expected a context (a mapping with problem_type, cluster_config, …)';
    return [{ path: [], at: 'value', message: `${expected}, found ${found}` }];
  }
  const { value, root } = unwrapped(data);
  const beside = root.length === 0 ? [] : Object.keys(data).filter((key) => key !== WRAPPER);
  return [
    ...beside.map((key): Located => {
      const message = `unknown key "${key}" beside ${WRAPPER}: a context belongs inside of it`;
      return { path: [key], at: 'key', message };
    }),
    ...shapeProblems(contextSchema, value, root),
    ...sizeProblems(value, root),
  ];
}

/** What the specification's rules say, as soon as the numbers themselves are right. */
function sizeProblems(value: unknown, root: Path): Located[] {
  if (!isMapping(value)) return [];
  const { cluster_config: cluster, network_assumptions: links } = value;
  if (!isMapping(cluster)) return [];
  const nodes = clusterConfig.shape.nodes.safeParse(cluster['nodes']);
  const failures = clusterConfig.shape.failure_tolerance.safeParse(cluster['failure_tolerance']);
  if (!nodes.success || !failures.success || failures.data === undefined) return [];
  const byzantine = isMapping(links) && links['byzantine'] === true;
  const broken = brokenRules({ nodes: nodes.data, failures: failures.data, byzantine });
  return broken.map(({ sentence }) => ({
    path: [...root, 'cluster_config', 'failure_tolerance'],
    at: 'value',
    message: sentence,
  }));
}

function unwrapped(data: unknown): { readonly value: unknown; readonly root: Path } {
  if (isMapping(data) && Object.hasOwn(data, WRAPPER)) {
    return { value: data[WRAPPER], root: [WRAPPER] };
  }
  return { value: data, root: [] };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
