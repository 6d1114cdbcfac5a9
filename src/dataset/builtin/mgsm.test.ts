import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptList } from '../../contract/prompt-list.ts';
import { promptRenderer } from '../../prompt/render.ts';
import { MGSMSDataset, parseMgsm, readExemplars } from './math.ts';

/** As the file is written: literals, escapes, strings side by side, comments. Words and numbers are ours. */
const EXEMPLARS = String.raw`"""Prompts."""
# pylint: disable=line-too-long
EXEMPLAR_NUMBER_ANSWERS = [7]

MGSM_EXEMPLARS = {
    "en": {
        "1": {
            "q": "Question: Ann has 3 caps (\"red\") "
                 "and gets 4, "  " so? It's 2:30.",
            "a": 'Step-by-Step Answer: 3 + 4 = 7. '
                 "The answer is 7.",
        },
        "2": {"q": "Question: And 1 + 1?", "a": "Step-by-Step Answer: It's 2."},
    },
    "de": {
        "1": {"q": "Frage: Wie viele? (\u00c4pfel)", "a": "Schritt-f\u00fcr-Schritt-Antwort: Die Antwort ist 7."},
    },
}
OTHER = {"en": 5}
`;

describe('readExemplars', () => {
  it('reads the literal and adds the last line', () => {
    expect(readExemplars(EXEMPLARS, 'exemplars.py', 'en')).toMatchObject([
      {
        question: 'Ann has 3 caps ("red") and gets 4,  so? It\'s 2:30.',
        worked: '3 + 4 = 7. The answer is 7.\nAnswer: 7',
        answer: '7',
      },
      { question: 'And 1 + 1?', worked: "It's 2.\nAnswer: 2" },
    ]);
    expect(readExemplars(EXEMPLARS, 'exemplars.py', 'de')).toMatchObject([
      { question: 'Wie viele? (Äpfel)', worked: 'Die Antwort ist 7.\nAntwort: 7' },
    ]);
  });

  it.each([
    ['no literal', 'X = 5', 'MGSM_EXEMPLARS'],
    ['a call', 'MGSM_EXEMPLARS = {\n"en": dict(q="x")\n}', 'no literal'],
    ['no such language', 'MGSM_EXEMPLARS = {\n"fr": {}\n}', "'en'"],
    ['no texts', 'MGSM_EXEMPLARS = {\n"en": {"1": {"q": "x"}}\n}', "'q'"],
    ['no number', 'MGSM_EXEMPLARS = {\n"en": {"1": {"q": "x", "a": "y"}}\n}', 'no number'],
  ])('refuses %s', (_, text, named) => {
    expect(() => readExemplars(text, 'f.py', 'en')).toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', message: expect.stringContaining(named) }),
    );
  });
});

describe('parseMgsm', () => {
  it('reads a question, a tab and a number a line', () => {
    expect(parseMgsm('Wie viele?\t18\n\nUnd nun?\t1,200\r\n', 'f', 'de')).toMatchObject([
      { question: 'Wie viele?', answer: '18', instruction: expect.stringContaining('"Antwort:"') },
      { question: 'Und nun?', answer: '1,200' },
    ]);
  });

  it.each(['no tab', 'a\tb\tc'])('refuses %j', (line) => {
    expect(() => parseMgsm(`q\t1\n${line}\n`, 'f', 'en')).toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', where: 'f:2' }),
    );
  });
});

describe('MGSMSDataset', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'mgsm-'));
    await mkdir(join(root, 'mgsm'));
    await writeFile(join(root, 'mgsm/mgsm_en.tsv'), 'How many?\t18\n');
  });
  afterAll(() => rm(root, { recursive: true }));
  const path = 'ais_bench/datasets/mgsm/mgsm_en.tsv';

  it('is found by the path of the configs, and needs no examples', async () => {
    const { test, train } = await MGSMSDataset.load({ path, roots: [root], params: {} });
    expect(test).toMatchObject([{ question: 'How many?', answer: '18' }]);
    expect(train).toEqual([]);
  });

  it('shows the examples in the config of eight', async () => {
    await writeFile(join(root, 'mgsm/exemplars.py'), EXEMPLARS);
    const name = '../../../configs/datasets/mgsm/mgsm_gen_8_shot_cot_chat_prompt.js';
    const { mgsm_datasets } = await import(new URL(name, import.meta.url).href);
    expect(mgsm_datasets.map(({ abbr }: { abbr: string }) => abbr)).toHaveLength(11);
    const config = mgsm_datasets.find(({ abbr }: { abbr: string }) => abbr === 'mgsm_en');
    const { test, train } = await MGSMSDataset.load({ path: config.path, roots: [root], params: {} });
    const retriever = { ...config.infer_cfg.retriever, fix_id_list: [0, 1] };
    const render = promptRenderer({ ...config.infer_cfg, retriever }, config.reader_cfg, undefined, train);
    const messages = render(test[0]!) as PromptList;
    expect(messages).toHaveLength(5);
    expect(messages.at(-1)).toMatchObject({
      role: 'user',
      content: expect.stringMatching(/^Solve .*\n\nHow many\?$/),
    });
    expect(messages[1]).toEqual({ role: 'assistant', content: '3 + 4 = 7. The answer is 7.\nAnswer: 7\n' });
  });

  it('says what is missing, and which languages there are', async () => {
    await expect(MGSMSDataset.load({ path, roots: ['/nowhere'], params: {} })).rejects.toMatchObject({
      code: 'DSET-FILE-001',
      cure: expect.stringContaining('url-nlp'),
    });
    await expect(MGSMSDataset.load({ path: 'mgsm_xx.tsv', roots: [root], params: {} })).rejects.toMatchObject(
      {
        code: 'UTILS-CFG-002',
        cure: expect.stringContaining('bn, de, en'),
      },
    );
  });
});
