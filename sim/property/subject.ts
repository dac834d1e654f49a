/** What a property is about: a scenario, checked and ready to be prepared again and again. */
import { catalogue } from '../registry/index.ts';
import { entryOf } from '../registry/user-modules.ts';
import {
  formatProblems,
  loadScenario,
  prepare,
  type Catalogue,
  type Prepared,
  type Scenario,
  type ScenarioInput,
} from '../scenario/index.ts';
import { writeYaml } from '../scenario/write.ts';

export interface Subject {
  /** The scenario as YAML. */
  readonly text: string;
  /** Its file's name, for messages and traces. */
  readonly file: string;
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  /** A world of its own for each run. */
  prepare(seed: string): Prepared;
}

/** A scenario as a file would have it; without a name it is called after its protocol. */
export type SubjectInput = Omit<ScenarioInput, 'name'> & { readonly name?: string };

/** The exports of a module with a protocol: `protocol`, `invariants`, `defaultOptions`. */
export type ProtocolModule = Readonly<Record<string, unknown>>;

/**
 * A scenario for tests, from an object or from YAML text. For a protocol of your own, `protocol` is
 * the path of its module (seen from where the tests run, so that a replay finds it), and `module`
 * what it exports: `import * as lock from './lock.ts'`. Throws an Error with all problems.
 */
export function subject(source: SubjectInput | string, module?: ProtocolModule): Subject {
  const text = typeof source === 'string' ? source : writeYaml(named(source));
  const file = typeof source === 'string' ? 'scenario.yaml' : `${fileName(source.protocol)}.yaml`;
  const known = module === undefined ? catalogue : withModule(source, module);
  return subjectOf(text, file, known);
}

/** The same for a text that comes with a catalogue of its own. */
export function subjectOf(text: string, file: string, known: Catalogue): Subject {
  const found = trySubject(text, file, known);
  if (typeof found === 'string') throw new Error(`the scenario cannot be used\n${found}`);
  return found;
}

/** The subject, or everything that is wrong with the text. */
export function trySubject(text: string, file: string, known: Catalogue): Subject | string {
  const loaded = loadScenario(text, { file, catalogue: known });
  if (!loaded.ok) return formatProblems(loaded.problems);
  const { scenario } = loaded;
  return {
    text,
    file,
    scenario,
    catalogue: known,
    prepare: (seed) => prepare(scenario, { seed, catalogue: known }),
  };
}

function named({ name, ...rest }: SubjectInput): ScenarioInput {
  return { name: name ?? `a scenario of ${rest.protocol}`, ...rest };
}

function withModule(source: SubjectInput | string, module: ProtocolModule): Catalogue {
  const name = typeof source === 'string' ? protocolIn(source) : source.protocol;
  const entry = entryOf(name, module);
  if (typeof entry === 'string') throw new Error(entry);
  return { ...catalogue, protocols: new Map([...catalogue.protocols, [name, entry]]) };
}

function protocolIn(text: string): string {
  return /^protocol:\s*['"]?([^\s'"#]+)/m.exec(text)?.[1] ?? '';
}

/** `lock` for `./test/examples/lock.ts`. */
function fileName(protocol: string): string {
  return protocol.replace(/^.*\//, '').replace(/\.\w+$/, '');
}
