/** What is wrong with options that name nodes. */

interface Problem {
  readonly option: string;
  readonly message: string;
}

/** Of `coordinator`, `shards` and `placement` in a cluster of so many nodes. */
export function nameProblems(
  written: Readonly<Record<string, unknown>>,
  nodes: number,
): readonly Problem[] {
  const { coordinator, shards, placement } = written as {
    readonly coordinator?: string;
    readonly shards?: readonly string[];
    readonly placement?: Readonly<Record<string, string>>;
  };
  const isNode = (name: string) => {
    const [, number] = /^n([1-9]\d*)$/.exec(name) ?? [];
    return number !== undefined && Number(number) <= nodes;
  };
  const named: (readonly [option: string, name: string])[] = [
    ...(coordinator === undefined ? [] : [['coordinator', coordinator] as const]),
    ...(shards ?? []).map((name) => ['shards', name] as const),
    ...Object.values(placement ?? {}).map((name) => ['placement', name] as const),
  ];
  const problems = named
    .filter(([, name]) => !isNode(name))
    .map(([option, name]) => ({
      option,
      message: `expected one of n1 to n${nodes}, found "${name}"`,
    }));
  const outside = Object.values(placement ?? {}).filter(
    (name) => isNode(name) && shards !== undefined && !shards.includes(name),
  );
  return [
    ...problems,
    ...outside.map((name) => ({
      option: 'placement',
      message: `${name} holds no keys: it is not one of shards`,
    })),
  ];
}
