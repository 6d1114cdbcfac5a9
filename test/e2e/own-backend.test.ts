/** A backend of one's own in a folder without node_modules: one class, one config, both runs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aisBench, chatServer, DEMO, emptyFolder, filesBelow, json, latest, recordsOf } from './support.ts';

const CLASS = `
import { BaseAPIModel, type PromptType, type RequestArgs, type RequestOutput, toText } from 'ais-bench';

import { PREFIX } from './prefix.ts';

enum Flavour { Plain = 'plain' }

export class WordsPerLine extends BaseAPIModel {
  static override readonly extraOptions = ['system_text'];

  getUrl(): string {
    return new URL('generate', this.baseUrl).href;
  }

  override headers(): Record<string, string> {
    return { 'x-flavour': Flavour.Plain };
  }

  async getRequestBody(input: PromptType, maxOutLen: number, output: RequestOutput, args: RequestArgs): Promise<object> {
    const { stream, systemText, generationKwargs } = this.options;
    return { ask: \`\${PREFIX}\${systemText}\${toText(input)}\`, limit: maxOutLen, row: args.index, stream, ...generationKwargs };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = data.said;
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.content += data.piece ?? '';
    if (data.count !== undefined) output.outputTokens = data.count;
  }
}
`;

const CONFIG = `
import { WordsPerLine } from '../backends/words-per-line.ts';

const common = { attr: 'service', type: WordsPerLine, system_text: 'Now. ', batch_size: 2, max_out_len: 33 } as const;

export const models = [
  { ...common, abbr: 'own-text', generation_kwargs: { top_k: 1 } },
  { ...common, abbr: 'own-stream', stream: true },
];
`;

const folder = (text = CLASS) =>
  emptyFolder({
    'configs/backends/words-per-line.ts': text,
    'configs/backends/prefix.ts': "export const PREFIX = 'Be brief. ';",
    'configs/models/own.ts': CONFIG,
  });

const service = () =>
  chatServer(({ body }) => {
    if (!JSON.parse(body).stream) return json({ said: 'The answer is 18' });
    const events = [{ piece: 'The answer ' }, { piece: 'is 18' }, { count: 5 }];
    const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
    return { headers: { 'content-type': 'text/event-stream' }, body: text };
  });

it('runs end to end, whole and streamed', async () => {
  const cwd = folder();
  const server = await service();
  const flags = ['--models', 'own', '--datasets', DEMO, '--num-prompts', '2', '--num-warmups', '0'];
  const { code, stdout, stderr } = await aisBench(cwd, ...flags, '--url', server.url);
  expect(stderr).not.toMatch(/WARN|where:/);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^demo_gsm8k accuracy own-text +[\d.]+ 2 /m);
  expect(stdout).toMatch(/^demo_gsm8k accuracy own-stream +[\d.]+ 2 /m);

  expect(server.asked.map(({ path, headers }) => [path, headers['x-flavour']])).toEqual(
    Array(4).fill(['/generate', 'plain']),
  );
  const bodies = server.asked.map(({ body }) => JSON.parse(body)).sort((a, b) => a.row - b.row);
  expect(bodies.filter(({ stream }) => !stream)).toEqual([
    { ask: expect.stringMatching(/^Be brief\. Now\. ./), limit: 33, row: 0, stream: false, top_k: 1 },
    { ask: expect.stringMatching(/^Be brief\. Now\. ./), limit: 33, row: 1, stream: false, top_k: 1 },
  ]);
  expect(bodies.filter(({ stream }) => stream).map(({ row }) => row)).toEqual([0, 1]);

  const streamed = recordsOf(cwd).filter(({ call }) => call.model === 'own-stream');
  expect(streamed).toHaveLength(2);
  for (const record of streamed) {
    expect(record).toMatchObject({ outcome: 'ok', outputTokens: { value: 5, source: 'server' } });
    expect(record.times.events.kind).toBe('ccu');
  }
  const predictions = filesBelow(latest(cwd)).filter(({ path }) => path.startsWith('predictions/'));
  expect(predictions).toHaveLength(2);
  for (const { content } of predictions) expect(content).toContain('The answer is 18');

  // A file that the class is made of has changed: what is there stays, and it is said.
  writeFileSync(join(cwd, 'configs/backends/prefix.ts'), "export const PREFIX = 'Be very brief. ';");
  const again = await aisBench(cwd, ...flags, '--url', server.url, '--reuse');
  expect(again.code).toBe(0);
  const told = again.stderr.replace(/\s+/g, ' ');
  expect(told).toContain('models.own-text.code has changed: answers that are there came of other code');
});

it('whose parser throws gives failed records that show where', async () => {
  const broken = CLASS.replace("output.content += data.piece ?? ''", 'output.content += data.no.such.field');
  const cwd = folder(broken);
  const server = await service();
  const flags = ['--models', 'own', '--datasets', DEMO, '--num-prompts', '1', '--num-warmups', '0'];
  const { code, stdout } = await aisBench(cwd, ...flags, '--url', server.url);
  expect(code).toBe(1);
  expect(stdout).toContain('model-bug');
  const [failed] = recordsOf(cwd).filter(({ outcome }) => outcome === 'failed');
  expect(failed).toMatchObject({ attempt: 1, failure: { kind: 'model-bug' } });
  expect(failed.failure.message).toMatch(/^parseStreamResponse threw: Cannot read/);
  expect(failed.failure.bodyExcerpt).toContain('words-per-line.ts');
});
