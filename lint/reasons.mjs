// A lint rule: whoever overrules the type checker says why, on the same line or the one above.

const nonNull = {
  create(/** @type {any} */ context) {
    const commented = new Set();
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          commented.add(comment.loc.end.line).add(comment.loc.end.line + 1);
        }
      },
      TSNonNullExpression(/** @type {any} */ node) {
        if (commented.has(node.loc.end.line)) return;
        const message = 'Say in a comment beside it why this is never null, or test for it.';
        context.report({ node, message });
      },
    };
  },
};

/** oxlint wants the plugin as default export. */
export default { meta: { name: 'reasons' }, rules: { 'non-null': nonNull } };
