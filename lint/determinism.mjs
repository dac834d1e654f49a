// Lint rules for the core folders: whatever could make two runs with one seed differ is an error.
//
// A plugin of oxlint. The tables are shared with test/tidy, which looks for the same words in the
// text, so that `npm test` alone already notices them.

/** Global names that must not occur, each with what to use instead. */
export const bannedGlobals = new Map([
  ['Date', 'read the virtual clock: effects.now()'],
  ['performance', 'read the virtual clock: effects.now()'],
  ['setTimeout', 'use effects.setTimer'],
  ['setInterval', 'use effects.setTimer, and set it again when it fires'],
  ['setImmediate', 'use effects.setTimer'],
  ['queueMicrotask', 'handlers run to completion; do it now'],
  ['Promise', 'handlers run to completion; keep them synchronous'],
  ['console', 'use effects.log'],
  ['Intl', 'its answers depend on the language data of the machine; write it out'],
  ['WeakRef', 'its answers depend on the garbage collector; use a plain reference'],
  ['FinalizationRegistry', 'its calls depend on the garbage collector; release explicitly'],
]);

const inexact = 'its last digit differs between engines; use integers, multiplication or a table';

const inexactNames = [
  ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'],
  ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2'],
  ['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'],
];

/** Members of Math that must not be used, each with what to use instead. */
export const bannedMath = new Map([['random', 'draw from the strategy']]);
for (const name of inexactNames.flat()) bannedMath.set(name, inexact);

/** Methods whose order or text depends on the language data of the machine. */
export const bannedMethods = new Map([
  ['localeCompare', 'compare with < and >'],
  ['toLocaleString', 'use String or toFixed'],
  ['toLocaleUpperCase', 'use toUpperCase'],
  ['toLocaleLowerCase', 'use toLowerCase'],
]);

export const sortAdvice = 'pass a comparator: the default order is textual (10 before 9)';
export const powerAdvice = inexact;
export const forInAdvice = 'use for…of over Object.keys, sorted if the order can matter';
export const asyncAdvice = 'handlers run to completion; keep them synchronous';
export const hostAdvice = 'the core also runs in a browser; import no Node built-in';

/**
 * A rule that visits the given kinds of syntax. The syntax tree comes untyped from the linter.
 * @typedef {(node: any, message: string) => void} Report
 * @typedef {Record<string, (node: any) => void>} Visitor
 * @param {(report: Report) => Visitor} visit
 */
const rule = (visit) => ({
  create: (/** @type {any} */ context) =>
    visit((node, message) => context.report({ node, message })),
});

const members = /^(?:PropertyDefinition|MethodDefinition|TS(?:Property|Method)Signature)$/;

/**
 * Whether an identifier is a name of its own, not a member (`a.Date`) or a key (`{ Date: 1 }`).
 * @param {any} node
 */
function isReference(node) {
  const { parent } = node;
  if (parent === null || parent === undefined) return true;
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent.type === 'Property') return parent.computed || parent.value === node;
  return !members.test(parent.type);
}

const noGlobals = rule((report) => ({
  Identifier(node) {
    const advice = bannedGlobals.get(node.name);
    if (advice !== undefined && isReference(node)) report(node, `${node.name}: ${advice}`);
  },
}));

const exactMath = rule((report) => ({
  Identifier(node) {
    if (node.name !== 'Math' || !isReference(node)) return;
    const { parent } = node;
    const name = parent.type === 'MemberExpression' && !parent.computed && parent.property.name;
    if (typeof name !== 'string') report(node, 'Math: name its member in place, as in Math.floor');
    else if (bannedMath.has(name)) report(parent, `Math.${name}: ${bannedMath.get(name)}`);
  },
  BinaryExpression(node) {
    if (node.operator === '**') report(node, `**: ${powerAdvice}`);
  },
  AssignmentExpression(node) {
    if (node.operator === '**=') report(node, `**=: ${powerAdvice}`);
  },
}));

const explicitOrder = rule((report) => ({
  ForInStatement(node) {
    report(node, `for…in: ${forInAdvice}`);
  },
  CallExpression(node) {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || callee.computed) return;
    const { name } = callee.property;
    if ((name === 'sort' || name === 'toSorted') && node.arguments.length === 0) {
      report(node, `.${name}(): ${sortAdvice}`);
    }
    if (bannedMethods.has(name)) report(node, `.${name}: ${bannedMethods.get(name)}`);
  },
}));

const noHost = rule((report) => {
  const check = (/** @type {any} */ node) => {
    if (node.source?.value?.startsWith?.('node:'))
      report(node, `${node.source.value}: ${hostAdvice}`);
  };
  return {
    ImportDeclaration: check,
    ExportNamedDeclaration: check,
    ExportAllDeclaration: check,
    ImportExpression: (node) => report(node, 'import(): import at the top of the file'),
  };
});

const noAsync = rule((report) => {
  const check = (/** @type {any} */ node) => {
    if (node.async) report(node, `async: ${asyncAdvice}`);
  };
  return {
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
    AwaitExpression: (node) => report(node, `await: ${asyncAdvice}`),
    ForOfStatement: (node) => {
      if (node.await) report(node, `for await: ${asyncAdvice}`);
    },
  };
});

/** oxlint wants the plugin as default export. */
export default {
  meta: { name: 'determinism' },
  rules: {
    'no-globals': noGlobals,
    'exact-math': exactMath,
    'explicit-order': explicitOrder,
    'no-host': noHost,
    'no-async': noAsync,
  },
};
