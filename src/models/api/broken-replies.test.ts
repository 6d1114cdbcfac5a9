/** Replies of servers that send other JSON than they should: a shipped parser reads what it can and never throws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectsIn, recordingsOf, SERVERS, WRITTEN } from '../../../test/support/recordings.ts';
import { catalog } from '../../catalog.ts';
import { RequestOutput } from '../../contract/output.ts';
import { isTokenCount } from '../../contract/record.ts';
import { modelOptions } from '../../testing/index.ts';

/** Every object that a server was seen to send, or is said to, once. */
const seen = [
  ...new Set(
    recordingsOf([...SERVERS, ...WRITTEN], /./)
      .filter(({ status, contentType }) => status === 200 && /json|event-stream/.test(contentType))
      .flatMap(objectsIn)
      .map((object) => JSON.stringify(object))
      .filter((json) => json.length < 2000),
  ),
];

/** An object that was seen, with one value somewhere in it replaced. */
const broken = fc
  .tuple(
    fc.constantFrom(...seen),
    fc.nat(),
    fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(-2, 2.5, 1e300)),
  )
  .map(([json, place, value]) => {
    const places = [...json.matchAll(/(?<=[:[,])("(?:[^"\\]|\\.)*"(?!:)|\{|\[|[\d.-]+|true|false|null)/g)];
    return replaced(JSON.parse(json), place % (places.length + 1), value);
  });

/** The value with its node number `n`, counted depth first, replaced. */
function replaced(root: unknown, n: number, by: unknown): unknown {
  let left = n;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)]));
  };
  return walk(root);
}

describe.each(Object.entries(catalog.models))('%s', (_name, load) => {
  it('reads anything', async () => {
    const modelClass: any = await load();
    if (modelClass.prototype.getRequestBody === undefined) return;
    const model = new modelClass(modelOptions());
    fc.assert(
      fc.property(fc.oneof(broken, fc.jsonValue()), (data) => {
        const outputs = [new RequestOutput(), new RequestOutput()] as const;
        model.parseTextResponse?.(data, outputs[0]);
        model.parseStreamResponse?.(data, outputs[1]);
        for (const { inputTokens = 0, outputTokens = 0 } of outputs)
          expect([inputTokens, outputTokens].every(isTokenCount)).toBe(true);
        expect(Array.isArray(model.getPromptLogprobs?.(data) ?? [])).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
