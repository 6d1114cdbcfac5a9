/** Local models that users wrote in Python, in the form of AISBench's guide, in a folder that holds nothing else. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aisBench, emptyFolder, filesBelow, latest, recordsOf } from './support.ts';

const GUIDE = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** The guide's class with its body filled in: it knows two of the demo's eight answers. */
const CLASS = `
import json
import os
import sys
from typing import Dict, List, Optional, Union

from ais_bench.benchmark.models import BaseModel
from ais_bench.benchmark.utils.prompt import PromptList

PromptType = Union[PromptList, str]
ANSWERS = {"ferry": 144, "printer": 26}

class MyCustomModel(BaseModel):
    def __init__(self,
                 path: str,
                 max_seq_len: int = 2048,
                 tokenizer_only: bool = False,
                 meta_template: Optional[Dict] = None,
                 generation_kwargs: Optional[Dict] = dict(),
                 sync_rank: bool = False,
                 **kwargs):
        super().__init__(
            path,
            max_seq_len,
            tokenizer_only,
            meta_template,
            generation_kwargs,
            sync_rank,
        )
        print("loading", path)
        os.write(1, b'{"id": 1, "ok": true}\\n')
        self.trouble = kwargs.get("trouble")
        with open("made.json", "w") as file:
            json.dump([path, max_seq_len, self.generation_kwargs, kwargs], file)

    def generate(self, input: PromptType, max_out_len: int, **kwargs) -> List[str]:
        print("a batch of", len(input), file=sys.stderr)
        assert isinstance(input, list) and max_out_len == 100
        return [self.answer(prompt) for prompt in input]

    def answer(self, prompt):
        asked = prompt[-1]["prompt"]
        assert isinstance(prompt, PromptList) and [item["role"] for item in prompt[-2:]] == ["BOT", "HUMAN"]
        if self.trouble and self.trouble in asked:
            raise RuntimeError(f"CUDA out of memory: {self.trouble}")
        return next((f"The answer is {answer}" for word, answer in ANSWERS.items() if word in asked), "I do not know")
`;

const config = (type: string, more = '') => `
models:
  - attr: local
    type: ${type}
    abbr: my_custom_model
    path: THUDM/chatglm-6b
    max_out_len: 100
    batch_size: 3
    max_seq_len: 2048
    generation_kwargs:
      temperature: 0.0
      stop_token_ids: [2, 7]
    loadMode: fast
    device_map: {a: 1}
    ${more}
`;

interface Placed {
  readonly type?: string;
  readonly more?: string;
  readonly at?: string;
  readonly source?: string;
}

function folder({
  type = './my_custom_model.py:MyCustomModel',
  more = '',
  at = 'my_custom_model.py',
  source = CLASS,
}: Placed = {}): string {
  return emptyFolder({ [at]: source, 'configs/models/my_custom_model.yaml': config(type, more) });
}

const run = (cwd: string, ...args: readonly string[]) =>
  aisBench(cwd, '--models', 'my_custom_model', '--datasets', GUIDE, ...args);

function predictions(cwd: string): string[] {
  const files = filesBelow(latest(cwd)).filter(({ path }) => path.startsWith('predictions/'));
  return files.flatMap(({ content }) => content.trim().split('\n')).map((line) => JSON.parse(line).content);
}

describe('a local model in Python', () => {
  it.each([
    ['./my_custom_model.py:MyCustomModel', 'my_custom_model.py'],
    ['MyCustomModel', 'models/my_custom_model.py'],
    ['MyCustomModel', 'ais_bench/benchmark/models/local_models/my_custom_model.py'],
  ])('as %s, in %s, is run and scored as the guide says', async (type, at) => {
    const cwd = folder({ type, at });
    const { code, stdout, stderr } = await run(cwd);
    expect(stderr).not.toContain('WARN');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^demo_gsm8k accuracy my_custom_model +25\.00 8 /m);
    expect(predictions(cwd).filter((content) => content === 'I do not know')).toHaveLength(6);
    const made = filesBelow(cwd).find(({ path }) => path === 'made.json')!;
    expect(JSON.parse(made.content)).toEqual([
      'THUDM/chatglm-6b',
      2048,
      { temperature: 0, stop_token_ids: [2, 7] },
      { max_out_len: 100, batch_size: 3, loadMode: 'fast', device_map: { a: 1 } },
    ]);
  });

  it('that raises has failed records with the traceback, for that batch alone', async () => {
    const cwd = folder({ more: 'trouble: ferry' });
    const { code, stdout } = await run(cwd);
    expect(code).toBe(1);
    expect(stdout).toMatch(/model-bug +generate threw: RuntimeError: CUDA out of/);
    const failed = recordsOf(cwd).filter(({ outcome }) => outcome === 'failed');
    expect(failed).toHaveLength(3);
    for (const { failure } of failed) {
      expect(failure.message).toBe('generate threw: RuntimeError: CUDA out of memory: ferry');
      expect(failure.bodyExcerpt).toContain('Traceback');
      expect(failure.bodyExcerpt).toContain(join(cwd, 'my_custom_model.py'));
      expect(failure.bodyExcerpt).toContain('in answer');
    }
  });

  it('that cannot be made is told with the line of the file', async () => {
    const cwd = folder({ source: CLASS.replace('print("loading", path)', 'raise ValueError("no weights")') });
    const { code, stderr } = await run(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain("MyCustomModel's load threw: ValueError: no weights");
    expect(stderr).toMatch(/where: .*my_custom_model\.py:\d+$/m);
  });

  it('that imports what is not installed is told what pip installs', async () => {
    const cwd = folder({ source: `import some_engine_that_is_missing\n${CLASS}` });
    const { code, stderr } = await run(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('-m pip install some_engine_that_is_missing');
  });

  it.each([
    ['MyCustomModle', 'did you mean "MyCustomModel"?'],
    ['./models/mine.py:MyCustomModle', 'did you mean "./models/mine.py:MyCustomModel"?'],
    ['./mine.py:MyCustomModel', 'there is no file "./mine.py"'],
  ])('as %s is refused before Python starts: %s', async (type, words) => {
    const { code, stderr } = await run(folder({ type, at: 'models/mine.py' }));
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain('configs/models/my_custom_model.yaml:4');
  });

  it.each(['path', 'max_out_len', 'batch_size', 'max_seq_len'])('without %s is refused', async (key) => {
    const cwd = emptyFolder({
      'my_custom_model.py': CLASS,
      'mine.yaml': config('./my_custom_model.py:MyCustomModel').replace(
        new RegExp(`^ +${key}:.*\n`, 'm'),
        '',
      ),
    });
    const { code, stderr } = await aisBench(cwd, '--models', './mine.yaml', '--datasets', GUIDE);
    expect(code).toBe(2);
    expect(stderr).toContain(`models.0.${key}`);
  });
});
