/**
 * What each benchmark's AISBench configs say of an answer, through the configs as they are shipped: the examples of the
 * description of AISBench's rules, one by one. `compat` is AISBench's verdict, `fixed` the right one.
 */
import { describe, expect, it } from 'vitest';
import { catalog } from '../src/catalog.ts';
import type { Transcript } from '../src/contract/record.ts';
import { judgeOne } from '../src/evaluate/judge.ts';
import { score } from '../src/evaluate/score.ts';
import type { Configurable, Judged } from '../src/evaluate/types.ts';

interface Part {
  readonly type: string;
  readonly [key: string]: unknown;
}

interface EvalCfg {
  readonly evaluator: Part;
  readonly pred_postprocessor?: Part;
  readonly dataset_postprocessor?: Part;
}

async function made<T extends object>(
  entries: Readonly<Record<string, () => Promise<Configurable<T>>>>,
  { type, ...keys }: Part,
): Promise<T> {
  const found = await entries[type]!();
  return typeof found === 'function' ? found(keys) : found;
}

/** The first dataset of a shipped config, or the first whose abbr holds a word. */
async function evalCfgOf(config: string, word = ''): Promise<EvalCfg> {
  const module = await import(new URL(`../configs/datasets/${config}.js`, import.meta.url).href);
  const lists = Object.values(module).filter((value) => Array.isArray(value)) as { abbr: string }[][];
  const found = lists.flat().find(({ abbr }) => abbr.includes(word)) as unknown as { eval_cfg: EvalCfg };
  return found.eval_cfg;
}

function transcriptOf(content: string, gold: unknown, index = 0, repetition = 0): Transcript {
  const call = { id: `c${index}`, model: 'm', dataset: 'd', index, repetition };
  return { call, success: true, prompt: 'q', content, reasoningContent: '', toolCalls: [], gold };
}

async function judge(cfg: EvalCfg, transcript: Transcript): Promise<Judged> {
  const { evaluator, pred_postprocessor = { type: 'whole_text' }, dataset_postprocessor } = cfg;
  return judgeOne(transcript, {
    evaluator: await made(catalog.evaluators, evaluator),
    extractor: await made(catalog.predPostprocessors, pred_postprocessor),
    reference:
      dataset_postprocessor &&
      (await catalog.datasetPostprocessors[
        dataset_postprocessor.type as keyof typeof catalog.datasetPostprocessors
      ]()),
  });
}

const [yes, no, none, part] = ['correct', 'wrong', 'unextractable', 'partial'] as const;
type Word = typeof yes | typeof no | typeof none | typeof part;
type Example = readonly [reply: string, gold: unknown, compat: Word, fixed: Word];

const mbox = (text: string) => `\\boxed{${text}}`;

const colours = { answer: 'B', choices: { A: 'red', B: 'blue', C: 'green', D: 'grey' }, groups: ['shapes'] };
const ofColours = (answer: string) => ({ ...colours, answer });
const number = (answer: string) => ({ answer, groups: ['Math', 'Science'] });
/** What ten people said, `same` of them the same. */
const people = (answer: string, same = 10) =>
  Array.from({ length: 10 }, (_, n) => ({ answer: n < same ? answer : `else ${n}`, answer_id: n + 1 }));

/** By config, and a word of the abbr where it has several datasets. */
const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  'gsm8k/gsm8k_gen_4_shot_cot_chat_prompt': [
    ['The answer is 1,234.', '#### 1,234', no, yes],
    ['So she has $200,000', 'x\n#### 200,000', no, yes],
    ['So 18.0\nQuestion: 5', '#### 18', yes, yes],
    ['18\nQuestion: 5', '#### 5', no, no],
    ['-3 apples', '#### -3', yes, yes],
    ['no digits', '#### 0', none, none],
    ['18.0000001', '#### 18', yes, yes],
    ['18.00001', '#### 18', no, no],
    ['１８', '#### 18', yes, yes],
    [`${mbox('18')} for 7 days`, '#### 18', no, yes],
    ['<think>17?</think>18', '#### 18', yes, yes],
    ['17?</think>18', '#### 18', yes, yes],
    // As the authors' own models were taught to end.
    ['3 * 6 = <<3*6=18>>18\nA: 18', '#### 18', yes, yes],
    ['9 - 27 = <<9-27=-18>>-18\nA: -18', '#### -18', yes, yes],
    ['so 9 * 2,000 = 18,000\nA: 18,000', '#### 18,000', no, yes],
    ['3 * 6 = 18\nA: 18\n\nQ: And 7?', '#### 18', no, yes],
  ],
  'mmlu/mmlu_gen_5_shot_str': [
    ['the answer is B', 'B', yes, yes],
    ['The answer is B', 'B', no, yes],
    ['ärger Ä B', 'B', no, yes],
    ['Ⅰ. B', 'B', no, yes],
  ],
  'mmlu/mmlu_gen_5_shot_chat_prompt': [
    ['答案是A', 'A', yes, yes],
    ['The answer is (D).', 'D', yes, yes],
    ['答案是 B. The answer is C', 'B', yes, no],
    ['故B吧', 'B', yes, yes],
  ],
  'mmlu/mmlu_gen_0_shot_cot_chat_prompt': [
    ['B. Answer', 'B', no, yes],
    ['B. Answer', 'A', yes, no],
    ['So it is C', 'C', yes, yes],
  ],
  'mmlu_pro/mmlu_pro_gen_0_shot_str': [
    ['ANSWER: J', 'J', yes, yes],
    ['Answer : j', 'J', no, yes],
    ['The answer is (J).', 'J', none, yes],
    ['ANSWER: B. No. ANSWER: C', 'B', yes, no],
    // As in what its authors have published of other models.
    ['Thus, the answer is (C) 50 + 50i.', 'C', none, yes],
    ['The answer is (I) \\frac{7}{15}.', 'I', none, yes],
    ['The answer is (D) I, II, and III', 'D', none, yes],
    ['So we take (H).', 'H', none, yes],
    ['The answer is not listed', 'A', none, none],
  ],
  'mmlu_pro/mmlu_pro_gen_5_shot_str': [
    ['C', 'C. Paris\n', yes, yes],
    ['Paris', 'C. Paris\n', yes, yes],
    ['C', 'C. St. Paul\n', no, yes],
  ],
  'gpqa/gpqa_gen_0_shot_str': [['The correct answer is (B)', 'B', yes, yes]],
  'gpqa/gpqa_gen_0_shot_cot_chat_prompt': [
    ['ANSWER: C\nNo.\nAnswer: B', 'B', yes, yes],
    ['answer: d', 'D', no, yes],
  ],
  'ceval/ceval_gen_0_shot_str': [['答案：B', 'B', yes, yes]],
  'ceval/ceval_gen_0_shot_cot_chat_prompt': [['答案：B，不是A', 'B', no, yes]],
  'cmmlu/cmmlu_gen_0_shot_cot_chat_prompt': [
    ['答案: **B**', 'B', yes, yes],
    ['答案：B', 'B', none, yes],
  ],
  'bbh/bbh_gen temporal_sequences': [
    ['So the answer is (B).', '(B)', yes, yes],
    ['(A)? So the answer is (B). Or is the answer is (C)?', '(B)', yes, no],
    ['It is C', '(C)', no, yes],
  ],
  'bbh/bbh_gen multistep_arithmetic_two': [
    ['So the answer is 24.', '24', yes, yes],
    ['So the answer is **24**.\nIndeed', '24', yes, yes],
    ['the answer is 24.5.', '24.5', yes, yes],
  ],
  'math/math_prm800k_500_0shot_cot_gen': [
    [`so ${mbox('\\frac{1}{2}')}`, '\\frac12', yes, yes],
    [`so ${mbox('0.5')}`, '\\frac{1}{2}', no, yes],
    [`so ${mbox('23')}`, '2\\cdot3', yes, no],
    ['Well. The final answer is $4$. I hope', '4', yes, yes],
    [`\\fbox{1}, no: ${mbox('2')}`, '2', yes, yes],
    ['\\fbox{2}', '2', no, yes],
  ],
  'math/math500_gen_0_shot_cot_chat_prompt': [
    [mbox('0.5'), '\\frac{1}{2}', yes, yes],
    [mbox('23'), '2\\cdot3', no, no],
    [mbox('(1, 2)'), '\\left(1,2\\right)', yes, yes],
  ],
  'aime2024/aime2024_gen_0_shot_chat_prompt': [
    [`So ${mbox('073')}.`, '73', no, yes],
    [`So ${mbox('73')}.`, '73', yes, yes],
  ],
  'dapo_math/dapo_math_gen_0_shot_str': [
    ['So.\nAnswer: 42', '42', yes, yes],
    ['Answer: $x = 42$', '42', yes, yes],
    [`So ${mbox('42')}.`, '42', none, yes],
    ['Answer: 42.0', '42', no, yes],
    ['Answer: 1,234', '1234', yes, yes],
  ],
  'dapo_math/dapo_math_gen_0_shot_cot_str': [
    [`So ${mbox('42')}.`, '42', yes, yes],
    [`So ${mbox('42')}, ${'indeed '.repeat(20)}.`, '42', none, yes],
    ['Answer: 42', '42', none, yes],
  ],
  'longbenchv2/longbenchv2_gen': [
    ['The correct answer is (B)', { answer: 'B', difficulty: 'easy', length: 'short' }, yes, yes],
    ['**C**, not D', { answer: 'C', difficulty: 'hard', length: 'long' }, no, yes],
    ['It cannot be told.', { answer: 'A', difficulty: 'hard', length: 'medium' }, none, none],
  ],
  'leval/leval_topic_retrieval_gen': [
    ['The first topic is the art of tea.', 'the art of tea', yes, yes],
    ['Well, it was tea. The answer is: The Art of Tea', 'The art of tea', no, yes],
    ['teapots', 'tea', yes, no],
  ],
  'leval/leval_code_u_gen': [
    ['42', '42', yes, yes],
    ['The result is 42', '42', no, yes],
    ["The answer is ['a', 1.0]", "['a', 1.0]", no, yes],
    ['43', '42', no, no],
  ],
  'leval/leval_sci_fi_gen': [
    ['True', 'True [fact: False]', yes, yes],
    ['False. [fact: True]', 'False', yes, yes],
    ['It is said, so: true', 'True', no, yes],
    ['Well, let us see. The answer is False.', 'False', no, yes],
  ],
  'leval/leval_gsm100_gen': [
    ['So 9 * 2 is 18. The answer is 18 .', '18', yes, yes],
    ['The answer is $1,234.', '1,234', yes, yes],
    ['The answer is 18.0', '18', no, yes],
    ['So it is 18', '18', none, yes],
  ],
  'leval/leval_coursera_gen': [
    ['AB', 'AB', yes, yes],
    ['Answer: A, B', 'AB', no, yes],
  ],
  'leval/leval_tpo_gen': [['The answer is B', 'B', no, yes]],
  'hle/hle_llmjudge': [
    ['{"correct": "yes", "confidence": 90}', 'x', yes, yes],
    ['```json\n{"correct": "yes", "confidence": 90}\n```', 'x', none, yes],
    ['correct: no', 'x', none, no],
  ],
  'aa_lcr/aa_lcr_llmjudge': [
    ['CORRECT', 'x', yes, yes],
    ['The answer is not correct.', 'x', yes, no],
    ['INCORRECT', 'x', no, no],
  ],
  'ARC_c/ARC_c_gen_0_shot_chat_prompt': [
    ['D', 'D', yes, yes],
    ['B. Air', 'B', no, yes],
  ],
  'ARC_c/ARC_c_gen_25_shot_chat_prompt': [
    ['A or B, I say', 'B', no, none],
    ['B it is', 'B', yes, yes],
  ],
  'hellaswag/hellaswag_gen_0_shot_chat_prompt': [['The answer is C', 'C', yes, yes]],
  'winogrande/winogrande_gen_0_shot_chat_prompt': [['B. Answer', 'B', no, yes]],
  'SuperGLUE_BoolQ/SuperGLUE_BoolQ_gen_0_shot_str': [['The answer: A', 'A', no, yes]],
  'custom/custom_mcq_gen': [
    ['B', { answer: 'B', options: { A: 'red', B: 'blue' } }, yes, yes],
    ['答案是A', { answer: 'A', options: { A: 'red', B: 'blue' } }, yes, yes],
    ['It has to be blue', { answer: 'B', options: { A: 'red', B: 'blue' } }, yes, yes],
    ['rad', { answer: 'A', options: { A: 'red', B: 'blue' } }, yes, no],
    ['bluee', { answer: 'B', options: { A: 'red', B: 'blue' } }, yes, no],
  ],
  'mmmu/mmmu_gen': [
    ['It is red.\nANSWER: B', colours, yes, yes],
    // A blank is what AISBench takes for the answer.
    ['ANSWER: (B)', colours, no, yes],
    ['ANSWER: (B). So no.\nThe Answer: C', ofColours('C'), no, yes],
    ['ANSWER: B and more', colours, no, yes],
    ['ANSWER: **B**', colours, no, yes],
    ['ANSWER: A\nNo: ANSWER: B', colours, no, yes],
    ['ANSWER: E', colours, no, no],
    // The last capital, whatever it begins.
    ['The answer is (B). I am sure. Done', ofColours('D'), yes, no],
    ['The answer is (B). I am sure. Done', colours, no, yes],
    ['it is blue', colours, no, yes],
    ['<|im_end|>ANSWER: B<|im_end|>', colours, yes, yes],
    ['So 6.\nANSWER: 6', number('6'), yes, yes],
    ['ANSWER: 6.0', number('6'), no, yes],
    ['ANSWER: 6', number("['6', 'six']"), no, yes],
    ['Answer: 6', number('6'), no, yes],
    ['ANSWER:\n6', number('6'), yes, yes],
    ['PARIS', number('paris'), yes, yes],
  ],
  'mmstar/mmstar_gen': [
    ['B', colours, yes, yes],
    ['The answer is (B).', colours, yes, yes],
    ['blue', colours, yes, yes],
    ['It is B because of what is to be seen there', colours, no, yes],
    ['A or B? B', colours, no, no],
    ['A fine day it is, A', ofColours('A'), no, yes],
    ['not red but blue', colours, no, no],
    ['Z', colours, no, no],
  ],
  'mmstar/mmstar_gen_cot': [
    ['ANSWER: B', colours, yes, yes],
    ['ANSWER: B. Clearly', ofColours('C'), yes, no],
    ['ANSWER: B. Clearly', colours, no, yes],
  ],
  'mmmu_pro/mmmu_pro_options10_gen': [
    ['B<|im_end|>', colours, yes, yes],
    ['It is B because of what is to be seen there', colours, no, yes],
  ],
  'mmmu_pro/mmmu_pro_vision_cot_gen': [
    ['Answer: B', colours, yes, yes],
    ['Answer: B\nDone', ofColours('D'), yes, no],
  ],
  'mathvision/mathvision_gen': [
    ['ANSWER: B', colours, yes, yes],
    ['ANSWER: A\nNo.\nANSWER: B', colours, no, yes],
    ['answer: b', colours, no, yes],
    ['It is B because of what is to be seen there', colours, no, yes],
    // Options that are in the picture.
    ['A fine day. I see a cube', { answer: 'B', choices: { A: 'A', B: 'B' }, groups: [] }, no, no],
    [`So ${mbox('\\frac{1}{2}')}`, number('\\frac12'), yes, yes],
    [`So ${mbox('0.5')}`, number('\\frac12'), no, yes],
    ['Answer: 42', number('42'), yes, yes],
    ['Well. The final answer is $4$. I hope', number('4'), yes, yes],
    ['4', number('4'), yes, yes],
    ['I count 4 of them', number('4'), no, yes],
  ],
  'docvqa/docvqa_gen': [
    ['1,000', ['$ 1,000', '1,000'], yes, yes],
    ['THE  boat ', ['the boat'], yes, yes],
    ['the   boot', ['the boat'], part, part],
    ['bot', ['boat'], part, part],
    ['bo', ['boat'], part, part],
    ['b', ['boat'], no, no],
    ['boat<|im_end|>', ['boat'], yes, yes],
    ['The answer is boat.', ['boat'], no, part],
  ],
  'textvqa/textvqa_gen_base64': [
    ['dakota', people('dakota'), yes, yes],
    ['Dakota', people('Dakota'), no, yes],
    ['the dakota.', people('dakota'), yes, yes],
    ['dakota', people('dakota', 2), part, part],
    ['two', people('two'), no, yes],
    ['The answer is dakota', people('dakota'), no, yes],
  ],
  'textvqa/glm4v_textvqa_gen_base64': [
    ['It says <|begin_of_box|> dakota <|end_of_box|>.', people('dakota'), yes, yes],
    ['dakota', people('dakota'), yes, yes],
    ['There is a camera.\n<|begin_of_box|>dakota<|end_of_box|>', people('dakota'), yes, yes],
  ],
  'realworldqa/realworldqa_gen': [
    ['So.\nANSWER: B', 'B', yes, yes],
    ['answer: B', 'B', no, yes],
    ['ANSWER: A. No.\nANSWER: B', 'B', no, yes],
    ['ANSWER: yes', 'Yes', yes, yes],
    ['Yes.', 'Yes', no, yes],
    ['ANSWER: 3.0', '3', no, yes],
  ],
};

describe.each(Object.entries(EXAMPLES))('%s', (key, examples) => {
  it.each(examples)('%j against %j: %s, fixed %s', async (reply, gold, compat, fixed) => {
    const [config = '', word] = key.split(' ');
    const judged = await judge(await evalCfgOf(config, word), transcriptOf(reply, gold));
    expect([judged.compat.verdict, judged.fixed.verdict]).toEqual([compat, fixed]);
  });
});

it('of two questions asked twice, one always right and one always wrong, half are right by every number', async () => {
  const cfg = await evalCfgOf('gsm8k/gsm8k_gen');
  const answers = [0, 1].flatMap((index) =>
    [0, 1].map((n) => transcriptOf('18', `#### ${18 + index}`, index, n)),
  );
  const { value, metrics } = score(await Promise.all(answers.map((one) => judge(cfg, one))));
  expect(value).toBe(50);
  for (const name of ['avg@2', 'pass@2', 'cons@2']) expect(metrics?.[name]).toMatchObject({ value: 50 });
});

it('one of the 30 problems of AIME is 3.33 points, which its interval dwarfs', async () => {
  const cfg = await evalCfgOf('aime2024/aime2024_gen');
  const judged = await Promise.all(
    Array.from({ length: 30 }, (_, n) => judge(cfg, transcriptOf(mbox(n === 7 ? '1' : '2'), '1', n))),
  );
  const { value, interval, n } = score(judged);
  expect(n).toBe(30);
  expect(value).toBeCloseTo(3.333, 3);
  expect(interval!.high - interval!.low).toBeGreaterThan(15);
});
