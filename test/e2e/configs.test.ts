/** Configs that are wrong: one message with the place, the key path and the nearest right name, before anything is sent. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aisBench, CHAT, DEMO, emptyFolder } from './support.ts';

/** What the command says about an own model config; the service is never reached. */
async function refusal(file: string, content: string, ...args: readonly string[]): Promise<string> {
  const cwd = emptyFolder({ [`configs/models/${file}`]: content });
  const name = file.slice(0, file.indexOf('.'));
  const { code, stdout, stderr } = await aisBench(cwd, '--models', name, '--datasets', DEMO, ...args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(existsSync(join(cwd, 'outputs'))).toBe(false);
  return stderr.replaceAll(`${cwd}/`, '');
}

const WRITERS = {
  'mine.yaml': (fields: Record<string, unknown>) =>
    `models:\n  - ${Object.entries(fields)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join('\n    ')}\n`,
  'mine.json': (fields: Record<string, unknown>) => JSON.stringify({ models: [fields] }, null, 2),
  'mine.js': (fields: Record<string, unknown>) => `export const models = [${JSON.stringify(fields)}];`,
  'mine.ts': (fields: Record<string, unknown>) =>
    `const fields: Record<string, unknown> = ${JSON.stringify(fields)};\nexport const models = [fields];`,
};

/** Where the fourth of the fields stands. */
const LINES = { 'mine.yaml': ':5', 'mine.json': ':7', 'mine.js': '', 'mine.ts': '' };

const good = { attr: 'service', type: 'VLLMCustomAPIChat', abbr: 'mine' };

describe.each(Object.entries(WRITERS))('%s', (file, write) => {
  const place = `configs/models/${file}${LINES[file as keyof typeof LINES]}`;

  it('with a wrong key', async () => {
    const said = await refusal(file, write({ ...good, batchsize: 4, stream: true }));
    expect(said).toBe(
      `[UTILS-CFG-002] models.0 has no key "batchsize"\n  where: ${place}\n  to do: did you mean "batch_size"?\n`,
    );
  });

  it('with a wrong type', async () => {
    const said = await refusal(file, write({ ...good, batch_size: 'four', stream: true }));
    expect(said).toMatch(/^\[UTILS-CFG-002\] models\.0\.batch_size: .*expected number.* \(got "four"\)\n/);
    expect(said).toContain(`\n  where: ${place}\n  to do: correct batch_size\n`);
  });

  it('with a missing class', async () => {
    const said = await refusal(
      file,
      write({ attr: 'service', abbr: 'mine', path: '', type: 'VLLMCustomApiChatt' }),
    );
    expect(said).toBe(
      `[UTILS-CFG-003] models.0.type: there is no model class "VLLMCustomApiChatt" among the shipped ones, in ./configs/models, ./configs/models/models, ./models, ./ais_bench/benchmark/models/local_models, ./ais_bench/benchmark/models/api_models\n` +
        `  where: ${place}\n  to do: did you mean "VLLMCustomAPIChat"?\n`,
    );
  });
});

describe('a config', () => {
  it('with several problems lists each with its place', async () => {
    const said = await refusal(
      'mine.json',
      WRITERS['mine.json']({ ...good, retry: -1, host_prt: 1, stream: 'yes' }),
    );
    expect(said).toContain('3 problems:');
    expect(said).toMatch(/models\.0\.retry: .*\(got -1\) {2}\(configs\/models\/mine\.json:7\)/);
    expect(said).toMatch(/models\.0 has no key "host_prt" {2}\(configs\/models\/mine\.json:8\)/);
    expect(said).toMatch(/models\.0\.stream: .*\(got "yes"\) {2}\(configs\/models\/mine\.json:9\)/);
  });

  it('that does not parse is told with its line', async () => {
    expect(await refusal('mine.yaml', 'models:\n  - attr: service\n    type: [unclosed\n')).toMatch(
      /^\[TMAN-CFG-001\] this config cannot be read: .*\n {2}where: configs\/models\/mine\.yaml:\d\n/,
    );
    expect(await refusal('mine.ts', 'export const models = [\n  { attr: "service",,\n];\n')).toMatch(
      /^\[TMAN-CFG-001\] this config cannot be read: .*\n {2}where: configs\/models\/mine\.ts:2\n/,
    );
  });

  it('of the wrong kind says what it lacks', async () => {
    expect(await refusal('mine.yaml', 'model:\n  - attr: service\n')).toContain(
      '[TMAN-CFG-002] this models config defines no list `models`',
    );
  });

  it('of a name that is not there: the nearest name', async () => {
    const cwd = emptyFolder({ 'configs/models/my_server.yaml': 'models: []' });
    const near = await aisBench(cwd, '--models', 'my_sever', '--datasets', DEMO);
    expect(near.code).toBe(2);
    expect(near.stderr).toContain('[UTILS-MATCH-001] there is no model config named "my_sever"');
    expect(near.stderr).toContain('did you mean "my_server"?');
    const shipped = await aisBench(cwd, '--models', CHAT, '--datasets', 'gsm8k_gen_4shot_cot_chat_prompt');
    expect(shipped.code).toBe(2);
    expect(shipped.stderr).toContain('did you mean "gsm8k_gen_4_shot_cot_chat_prompt"?');
  });

  it('of a part of a name: the names that hold it', async () => {
    const { stderr } = await aisBench(emptyFolder(), '--models', CHAT, '--datasets', 'demo_gsm8k_gen');
    expect(stderr).toContain(
      'did you mean "demo_gsm8k_gen_0_shot_cot_str_perf" or "demo_gsm8k_gen_4_shot_cot_chat_prompt"?',
    );
  });

  it('of names with commas between them: spaces', async () => {
    const { stderr } = await aisBench(emptyFolder(), '--models', `${CHAT},my_server`, '--datasets', DEMO);
    expect(stderr).toContain(`to do: put spaces between names: --models ${CHAT} my_server\n`);
  });

  it('at a path that is not there', async () => {
    const { code, stderr } = await aisBench(emptyFolder(), '--models', './nowhere.ts', '--datasets', DEMO);
    expect(code).toBe(2);
    expect(stderr).toContain('[UTILS-MATCH-001] there is no config file "./nowhere.ts"');
  });

  it('hides a shipped one of the same name', async () => {
    const said = await refusal(`${CHAT}.json`, JSON.stringify({ models: [{ attr: 'servce' }] }));
    expect(said).toContain(`where: configs/models/${CHAT}.json:1`);
  });
});

describe('--set', () => {
  it.each([
    ['models.0.batchsize=4', 'models.0 has no key "batchsize"', 'did you mean "batch_size"?'],
    ['models.0.batch_size=four', 'models.0.batch_size: ', 'correct batch_size'],
    ['models.3.batch_size=4', 'names nothing; there are 1 model(s) and 1 dataset(s)', 'counted from 0'],
    ['batch_size=4', 'names nothing', 'models.0.key=value'],
  ])('%s is refused and names itself as the place', async (assignment, problem, cure) => {
    const { code, stderr } = await aisBench(
      emptyFolder(),
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--set',
      assignment,
    );
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).toMatch(/^ {2}where: --set/m);
    expect(stderr).toContain(cure);
  });
});

describe('a dataset config', () => {
  it('whose data is missing says which file, where it was looked for and where it comes from', async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await aisBench(
      cwd,
      '--models',
      CHAT,
      '--datasets',
      'gsm8k_gen_4_shot_cot_chat_prompt',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('[DSET-FILE-001]');
    expect(stderr).toContain('test.jsonl');
    expect(stderr).toContain(join(cwd, 'datasets'));
    expect(stderr).toContain('openai/grade-school-math');
  });

  it('with a misspelt key is not taken for the class’s own', async () => {
    const dataset = {
      abbr: 'd',
      type: 'DemoGSM8KDataset',
      infer_cgf: {},
      reader_cfg: { input_columns: ['question'] },
    };
    const cwd = emptyFolder({ 'configs/datasets/mine.json': JSON.stringify({ mine_datasets: [dataset] }) });
    const { code, stderr } = await aisBench(cwd, '--models', CHAT, '--datasets', 'mine');
    expect(code).toBe(2);
    expect(stderr).toContain('infer_cfg');
  });
});

describe('an ability by presence', () => {
  const model = (stream: boolean, parser: string) => `
    import { BaseAPIModel, type RequestOutput } from 'ais-bench';
    class HalfBackend extends BaseAPIModel {
      getUrl(): string { return this.baseUrl; }
      getRequestBody(): object { return {}; }
      ${parser}(data: any, output: RequestOutput): void { output.content += data.text; }
    }
    export const models = [{ attr: 'service', type: HalfBackend, abbr: 'half', stream: ${stream} }];`;

  it.each([
    ['MODEL-IMPL-002', 'parseStreamResponse, which a performance run (--mode perf) needs', false, 'perf'],
    ['MODEL-IMPL-002', 'parseStreamResponse, which stream: true needs', true, 'all'],
    ['MODEL-IMPL-001', 'parseTextResponse, which stream: false needs', false, 'all'],
  ] as const)('%s: HalfBackend has no %s', async (code, lack, stream, mode) => {
    const present = lack.startsWith('parseStream') ? 'parseTextResponse' : 'parseStreamResponse';
    const said = await refusal('half.ts', model(stream, present), '--mode', mode);
    expect(said).toContain(`[${code}] HalfBackend has no ${lack}\n`);
    expect(said).toContain('where: configs/models/half.ts\n');
  });

  it('a class that is no model is refused', async () => {
    const said = await refusal(
      'half.ts',
      "class Nothing {}\nexport const models = [{ attr: 'service', type: Nothing, abbr: 'n' }];",
    );
    expect(said).toContain('[MODEL-IMPL-003] Nothing lacks getUrl or getRequestBody');
  });
});
