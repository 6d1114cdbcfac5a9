/** Images from a dataset to a service: what goes over the wire, what lies in the folder, and what is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { FOLDER, nameOf } from '../../scripts/draw-shapes.ts';
import { aisBench, chatServer, emptyFolder, json, latest, recordsOf, serve, streamed } from './support.ts';

const SHAPES = 'demo_shapes_gen';
const PNG = readFileSync(join(FOLDER, nameOf(0)));
const DATA_URL = `data:image/png;base64,${PNG.toString('base64')}`;
const withoutWarmup = ['--num-warmups', '0'];

let cwd: string;
beforeEach(() => {
  cwd = emptyFolder();
});

function predictionsOf(model: string, dataset: string): any[] {
  const file = readFileSync(join(latest(cwd), 'predictions', model, `${dataset}.jsonl`), 'utf8');
  return file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('the pictures of the demo', () => {
  it('against the embedded service: scored, with transcripts that are short', async () => {
    const { port } = await serve('--accuracy', '0.75');
    const args = ['--models', 'vllm_api_general_chat', '--datasets', SHAPES, '--host-port', port];
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--batch-size', '4');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('WARN')]);
    expect(stdout).toMatch(/^demo_shapes_choice +accuracy \(simulated\)/m);
    const rows = ['choice', 'count'].flatMap((kind) =>
      predictionsOf('vllm-api-general-chat', `demo_shapes_${kind}`),
    );
    expect(rows).toHaveLength(24);
    expect(rows.filter(({ prediction, gold }) => prediction === gold)).toHaveLength(18);
    expect(JSON.stringify(rows)).not.toContain('base64');
    const images = rows.map(({ origin_prompt: [{ content }] }) => content[0].image_url.url);
    const files = Array.from({ length: 12 }, (_, n) => pathToFileURL(join(FOLDER, nameOf(n))).href);
    expect(images.sort()).toEqual([...files, ...files].sort());
    for (const { outcome, inputTokens } of recordsOf(cwd)) {
      expect([outcome, inputTokens.source]).toEqual(['ok', 'server']);
      // Sixteen patches, and the words.
      expect(inputTokens.value).toBeGreaterThan(20);
    }
  });

  it('go over the wire as data URLs, before the words', async () => {
    const server = await chatServer(() => json({ choices: [{ message: { content: 'B' } }] }));
    const args = ['--models', 'vllm_api_general_chat', '--datasets', SHAPES, '--url', server.url];
    const { code, stderr } = await aisBench(cwd, ...args, '--num-prompts', '1', ...withoutWarmup);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const [{ messages }] = server.asked.map(({ body }) => JSON.parse(body));
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: DATA_URL } },
          {
            type: 'text',
            text: 'What colour are the three circles?\nA. blue\nB. red\nC. green\nAnswer with the letter alone.',
          },
        ],
      },
    ]);
    expect(predictionsOf('vllm-api-general-chat', 'demo_shapes_choice')[0]).toMatchObject({ gold: 'B' });
  });

  it.each([
    ['vllm_api_general', 'VLLMCustomAPI'],
    ['tgi_api_general', 'TGICustomAPI'],
  ])('%s takes text only: refused before anything is sent', async (config, name) => {
    const server = await chatServer(() => streamed('no'));
    const args = ['--models', config, '--datasets', SHAPES, '--url', server.url, '--model', 'm'];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain('ICLR-PARAM-003');
    expect(stderr).toContain(`${name} cannot send a part image_url`);
    expect(server.asked).toEqual([]);
  });
});

it('a local model is given the files by their URL, and frames as they are', async () => {
  const frames = [0, 1, 2].map((n) => join(FOLDER, nameOf(n)));
  const rows = [
    { type: 'image', path: frames[0], question: 'How many?', answer: '3' },
    { type: 'video', path: frames, question: 'How many?', answer: '3' },
  ];
  const model = {
    attr: 'local',
    type: 'Mirror',
    abbr: 'mirror',
    path: '-',
    max_out_len: 9,
    batch_size: 2,
    max_seq_len: 99,
  };
  cwd = emptyFolder({
    'datasets/mm_custom.jsonl': rows.map((row) => JSON.stringify(row)).join('\n'),
    'configs/models/mirror.json': JSON.stringify({ models: [model] }),
    'models/mirror.mjs': `import { BaseModel } from 'ais-bench';
export class Mirror extends BaseModel {
  async generate(inputs) {
    return inputs.map(([{ content: [part] }]) => part[part.type].url);
  }
}`,
  });
  const args = ['--models', 'mirror', '--datasets', 'mm_custom_gen', '--set', 'datasets.0.mm_type=base64'];
  args.push('--set', `datasets.0.media_root=${FOLDER}`);
  const { code, stderr } = await aisBench(cwd, ...args);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  const [image, video] = predictionsOf('mirror', 'mm_custom').sort((a, b) => a.id - b.id);
  expect(image.content).toBe(pathToFileURL(frames[0]!).href);
  const encoded = frames.map((file) => readFileSync(file).toString('base64'));
  expect(video.content).toBe(`data:video/jpeg;base64,${encoded.join(',')}`);
  expect(video.origin_prompt[0].content[0]).toEqual({
    type: 'video_url',
    video_url: { url: frames.map((file) => pathToFileURL(file).href).join(',') },
  });
});

describe('a benchmark whose images lie inside of its file', () => {
  const rows = [
    [0, 'What colour are\nthe three circles?', PNG.toString('base64'), 'blue', 'red', 'B', 'perception'],
    [1, 'And how many are there?', '0', '3', '4', 'A', 'math'],
    [2, 'And which shape?', '0', 'a square', 'a circle', 'B', 'math'],
  ];
  const lines = rows.map((row) => row.map((cell) => (/\n/.test(`${cell}`) ? `"${cell}"` : cell)).join('\t'));
  const file = ['index\tquestion\timage\tA\tB\tanswer\tcategory', ...lines, ''].join('\n');
  const config = ['--models', 'vllm_api_general_chat', '--datasets', 'mmstar_gen'];

  it('is asked with them, each written in one place, and scored by category', async () => {
    cwd = emptyFolder({ 'datasets/mmstar/MMStar.tsv': file });
    const server = await chatServer(({ body }) =>
      json({
        choices: [{ message: { content: body.includes('which shape') ? 'blue' : 'The answer is B.' } }],
      }),
    );
    const { code, stdout, stderr } = await aisBench(cwd, ...config, '--url', server.url, ...withoutWarmup);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const asked = server.asked.map(({ body }) => JSON.parse(body).messages[0].content);
    expect(asked.map(([{ image_url }]) => image_url.url)).toEqual([DATA_URL, DATA_URL, DATA_URL]);
    expect(asked[0][1].text).toMatch(
      /^What colour are\nthe three circles\?\n\nA\. blue\nB\. red\nReply with the letter/,
    );
    for (const [name, value] of [
      ['accuracy', '33.33'],
      ['perception', '100.00'],
      ['math', '0.00'],
    ])
      expect(stdout).toMatch(new RegExp(`^mmstar +${name} .*${value}`, 'm'));
    const written = predictionsOf('vllm-api-general-chat', 'mmstar');
    expect(JSON.stringify(written)).not.toContain(PNG.toString('base64').slice(0, 40));
    const [{ origin_prompt, gold }] = written.sort((a, b) => a.id - b.id);
    const tsv = pathToFileURL(join(cwd, 'datasets/mmstar/MMStar.tsv')).href;
    expect(origin_prompt[0].content[0].image_url.url).toMatch(new RegExp(`^${tsv}#base64=\\d+-\\d+$`));
    expect(gold).toEqual({ answer: 'B', choices: { A: 'blue', B: 'red' }, groups: ['perception'] });
    expect(readdirSync(join(cwd, 'datasets/mmstar'))).toEqual(['MMStar.tsv']);
  });

  it('goes to the embedded service, which counts the picture', async () => {
    cwd = emptyFolder({ 'datasets/mmstar/MMStar.tsv': file });
    const { port } = await serve();
    const { code, stderr } = await aisBench(cwd, ...config, '--host-port', port, '--max-out-len', '8');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('WARN')]);
    const records = recordsOf(cwd);
    expect(records.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    // Sixteen patches, and the words.
    for (const { inputTokens } of records) expect(inputTokens.value).toBeGreaterThan(20);
  });
});

describe('mm_custom', () => {
  const rows = (...paths: readonly unknown[]) =>
    paths
      .map((path) => JSON.stringify({ type: 'image', path, question: 'How many?', answer: '3' }))
      .join('\n');

  it.each([
    ['path', pathToFileURL(join(FOLDER, nameOf(0))).href],
    ['base64', DATA_URL],
  ])('sends what mm_type %s says', async (mmType, url) => {
    const server = await chatServer(() => json({ choices: [{ message: { content: '3' } }] }));
    cwd = emptyFolder({
      'datasets/mm_custom.jsonl': rows(join(FOLDER, nameOf(0)), 'https://host/b.png'),
    });
    const args = ['--models', 'vllm_api_general_chat', '--datasets', 'mm_custom_gen', '--url', server.url];
    const { code, stdout, stderr } = await aisBench(
      cwd,
      ...args,
      ...withoutWarmup,
      '--set',
      `datasets.0.mm_type=${mmType}`,
      '--set',
      `datasets.0.media_root=${FOLDER}`,
    );
    expect([code, stderr]).toEqual([0, expect.anything()]);
    expect(stdout).toContain('100.00');
    const sent = server.asked.map(({ body }) => JSON.parse(body).messages[0].content);
    expect(sent).toEqual([
      [
        { type: 'image_url', image_url: { url } },
        { type: 'text', text: 'How many?' },
      ],
      [
        { type: 'image_url', image_url: { url: 'https://host/b.png' } },
        { type: 'text', text: 'How many?' },
      ],
    ]);
  });

  it('a file that is missing stops the run with file and line', async () => {
    cwd = emptyFolder({ 'datasets/mm_custom.jsonl': rows(fileURLToPath(import.meta.url), 'no.png') });
    const args = [
      '--models',
      'vllm_api_general_chat',
      '--datasets',
      'mm_custom_gen',
      '--url',
      'http://127.0.0.1:9',
    ];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('DSET-FILE-001')]);
    expect(stderr).toContain(`${join(cwd, 'datasets/mm_custom.jsonl')}:2`);
  });
});
