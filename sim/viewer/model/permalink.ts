/** Where somebody looks, as the hash of the page's address: `#step=61&node=n1&slice=1&q=…`. */

export interface Place {
  readonly step?: number;
  readonly node?: string;
  /** 1: all but the causes of the violation is dim; 2: it is hidden. */
  readonly slice?: 0 | 1 | 2;
  readonly filter?: string;
  readonly tab?: string;
}

export function parseHash(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const step = fields.get('step');
  const place: { -readonly [K in keyof Place]: Place[K] } = {};
  if (step !== null && /^-?\d+$/.test(step)) place.step = Number(step);
  const node = fields.get('node');
  if (node !== null) place.node = node;
  const slice = fields.get('slice');
  if (slice === '1' || slice === '2') place.slice = slice === '1' ? 1 : 2;
  const filter = fields.get('q');
  if (filter !== null) place.filter = filter;
  const tab = fields.get('tab');
  if (tab !== null) place.tab = tab;
  return place;
}

export function formatHash({ step, node, slice, filter, tab }: Place): string {
  const fields = new URLSearchParams();
  if (step !== undefined) fields.set('step', String(step));
  if (node !== undefined && node !== '') fields.set('node', node);
  if (slice !== undefined && slice > 0) fields.set('slice', String(slice));
  if (filter !== undefined && filter !== '') fields.set('q', filter);
  if (tab !== undefined && tab !== '') fields.set('tab', tab);
  return `#${fields.toString()}`;
}
