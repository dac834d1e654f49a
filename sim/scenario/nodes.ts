/** Names of nodes and groups: which there are in a cluster, and what is wrong with one. */
import { placeholders } from './schema-common.ts';
import { hint } from './suggest.ts';

/** What names may refer to. */
export interface Names {
  readonly nodes: number;
  readonly regions: readonly string[];
  readonly clients: number;
}

/** Null when `name` is a node or a group of this cluster; else what is wrong. */
export function nodeProblem(name: string, { nodes, regions }: Names): string | null {
  if (isNode(name, nodes)) return null;
  const groups = [...placeholders, ...regions.map((region) => `{region:${region}}`)];
  if (groups.includes(name)) return null;
  if (name.startsWith('{region:')) {
    const region = name.slice('{region:'.length).replace(/}$/, '');
    return regionProblem(region, regions) ?? `expected {region:${region}}, found ${name}`;
  }
  if (placeholders.includes(`{${name}}`)) return `"${name}" is no node; did you mean {${name}}?`;
  if (/^n\d+$/.test(name)) return `there is no node ${name}; the nodes are ${range('n', nodes)}`;
  const digits = /\d+$/.exec(name)?.[0];
  if (digits !== undefined && isNode(`n${Number(digits)}`, nodes)) {
    return `there is no node "${name}"; did you mean n${Number(digits)}?`;
  }
  const near = hint(name, groups);
  const which = near.startsWith(';') ? near : `; the nodes are ${range('n', nodes)}`;
  return `there is no node "${name}"${which}`;
}

/** Null when the cluster has the region. */
export function regionProblem(region: string, regions: readonly string[]): string | null {
  if (regions.includes(region)) return null;
  if (regions.length === 0) return `there is no region "${region}": cluster_config has no regions`;
  return `there is no region "${region}"${hint(region, regions, 'regions')}`;
}

/** Null when the name is a node or a client. */
export function actorProblem(name: string, names: Names): string | null {
  if (!/^c\d+$/.test(name)) return plainNodeProblem(name, names);
  const number = Number(name.slice(1));
  if (number >= 1 && number <= names.clients) return null;
  const which =
    names.clients === 0 ? 'the workload has none' : `they are ${range('c', names.clients)}`;
  return `there is no client ${name}; ${which}`;
}

/** Null when the name is a node, a group or a client: the two ends of a link. */
export function linkEndProblem(name: string, names: Names): string | null {
  return /^c\d+$/.test(name) ? actorProblem(name, names) : nodeProblem(name, names);
}

/** Null when the name is a node; groups are wrong here. */
export function plainNodeProblem(name: string, names: Names): string | null {
  if (isNode(name, names.nodes)) return null;
  const problem = nodeProblem(name, names);
  return problem ?? `expected the name of one node, found the group ${name}`;
}

function isNode(name: string, nodes: number): boolean {
  const match = /^n([1-9]\d{0,3})$/.exec(name);
  return match !== null && Number(match[1]) <= nodes;
}

function range(letter: string, count: number): string {
  if (count === 1) return `${letter}1 only`;
  return `${letter}1 to ${letter}${count}`;
}
