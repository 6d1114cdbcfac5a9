import { describe, expect, it, test } from 'vitest';
import { BaseModel, type GenerateArgs } from '../contract/base-model.ts';
import { type PromptType, toText } from '../contract/prompt-list.ts';
import { type LocalModelSpec, localModelChecks, testLocalModel } from './test-local-model.ts';

/** Says the prompt's words, a word a token. */
class Parrot extends BaseModel {
  async generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    { signal }: GenerateArgs,
  ): Promise<readonly string[]> {
    signal.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
    return inputs.map((input) => toText(input).split(' ').slice(0, maxOutLen).join(' '));
  }
}

describe('a model that keeps the rules', () => {
  testLocalModel(test, { create: (options) => new Parrot(options) });
});

class Counting extends Parrot {
  override getTokenLen(text: string): number {
    return text === '' ? 0 : text.split(' ').length;
  }
}

describe('a model that counts tokens', () => {
  testLocalModel(test, { create: (options) => new Counting(options) });
});

async function failed(model: typeof Parrot, spec: Partial<LocalModelSpec> = {}): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of localModelChecks({ create: (options) => new model(options), ...spec })) {
    await run().catch((error: Error) => names.push(`${name}: ${error.message.split('\n')[0]}`));
  }
  return names;
}

describe('a model that breaks a rule fails the check of that rule', () => {
  it('one text short', async () => {
    class Short extends Parrot {
      override async generate(...given: Parameters<Parrot['generate']>) {
        return (await super.generate(...given)).slice(1);
      }
    }
    expect((await failed(Short))[0]).toBe('a batch of 3 gives 3 texts: 2 texts for 3 prompts');
  });

  it('another order', async () => {
    class Sorted extends Parrot {
      override async generate(...given: Parameters<Parrot['generate']>) {
        return [...(await super.generate(...given))].sort();
      }
    }
    expect(await failed(Sorted)).toEqual([
      expect.stringContaining('the texts come in the order of the prompts: the prompts the other way round'),
    ]);
    expect(await failed(Sorted, { repeatable: false })).toEqual([]);
  });

  it('texts for an empty batch', async () => {
    class Eager extends Parrot {
      override async generate(...given: Parameters<Parrot['generate']>) {
        return given[0].length === 0 ? ['hello'] : super.generate(...given);
      }
    }
    expect(await failed(Eager)).toEqual(['an empty batch gives no texts: 1 texts for 0 prompts']);
  });

  it('more tokens than allowed', async () => {
    class Chatty extends Counting {
      override generate(inputs: readonly PromptType[], maxOutLen: number, args: GenerateArgs) {
        return super.generate(inputs, maxOutLen + 1, args);
      }
    }
    expect(await failed(Chatty)).toEqual(['max_out_len is honoured: max_out_len 1 gave 2 tokens: "What is"']);
  });

  it('deaf to the signal', async () => {
    class Deaf extends Parrot {
      override generate(inputs: readonly PromptType[], maxOutLen: number, args: GenerateArgs) {
        const never = new Promise<readonly string[]>(() => {});
        return maxOutLen > 1000 ? never : super.generate(inputs, maxOutLen, args);
      }
    }
    expect(await failed(Deaf, { abortWithinMs: 50 })).toEqual([
      'generate ends when the run is stopped: generate was stopped and still ran after 50 ms',
    ]);
  });

  it('and is closed whatever comes', async () => {
    let open = 0;
    class Leaky extends Parrot {
      override async load() {
        open += 1;
      }
      override async close() {
        open -= 1;
      }
      override async generate(): Promise<readonly string[]> {
        throw new Error('no');
      }
    }
    expect(await failed(Leaky)).not.toEqual([]);
    expect(open).toBe(0);
  });
});
