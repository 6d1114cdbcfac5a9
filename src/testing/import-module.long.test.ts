import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { importModule, modelOptions, replay, streamReply, textReply } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const here = pathToFileURL(join(folder, 'mine.test.mjs')).href;

describe('importModule', () => {
  it('loads TypeScript from beside the test, with ais-bench and without any node_modules', async () => {
    const code = `
      import { BaseAPIModel, type RequestOutput } from 'ais-bench';
      enum Where { path = 'v1/answer' }
      export class Mine extends BaseAPIModel {
        getUrl(): string { return this.baseUrl + Where.path; }
        getRequestBody(): object { return {}; }
        override parseTextResponse(data: any, output: RequestOutput): void { output.content = data.said; }
        override parseStreamResponse(data: any, output: RequestOutput): void { output.content += data.said; }
      }`;
    writeFileSync(join(folder, 'mine.ts'), code);
    const { Mine } = await importModule('./mine.ts', here);
    expect(new Mine(modelOptions()).getUrl()).toBe('http://127.0.0.1:8000/v1/answer');
    const whole = await replay(new Mine(modelOptions()), textReply({ said: 'It is' }));
    expect(whole.output.content).toBe('It is');
    const events = streamReply([{ said: 'It' }, { said: ' is' }], { done: false });
    const streamed = await replay(new Mine(modelOptions({ stream: true })), events);
    expect([streamed.output.content, streamed.failure]).toEqual(['It is', undefined]);
  });

  it('fails where there is no such module', async () => {
    await expect(importModule('./nowhere.ts', here)).rejects.toThrow(/nowhere/);
  });
});
