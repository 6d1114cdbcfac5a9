/** Configs, rows and run folders that come from a stranger: what they name stays where it is, and nothing of theirs runs. */
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  filesBelow,
  latest,
  serve,
  streamed,
} from './support.ts';

const withoutWarmup = ['--num-warmups', '0'];

describe('abbrs', () => {
  it.each(['../../../out', '__proto__'])('%j names files of the run folder and no others', async (abbr) => {
    const { port } = await serve();
    const cwd = emptyFolder();
    const names = ['models', 'datasets'].flatMap((kind) => [
      '--set',
      `${kind}.0.abbr=${JSON.stringify(abbr)}`,
    ]);
    const args = [
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--host-port',
      port,
      '--num-prompts',
      '2',
      ...withoutWarmup,
      ...names,
    ];
    const { code, stdout, stderr } = await aisBench(cwd, ...args);
    expect([code, stderr, stdout]).toEqual([0, expect.anything(), expect.stringContaining('100.00')]);
    const written = filesBelow(cwd).map(({ path }) => path);
    expect(written.filter((path) => !path.startsWith(relative(cwd, latest(cwd))))).toEqual([]);
    expect(written.filter((path) => path.endsWith('_records.jsonl'))).toHaveLength(1);
    // It is found again under that name, the simulated service too.
    const again = await aisBench(cwd, ...args, '--reuse', '--mode', 'eval');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('(simulated)')]);
  });
});

describe('rows', () => {
  it('that name a file elsewhere send nothing', async () => {
    const server = await chatServer(() => streamed('yes'));
    const part = { type: 'image_url', image_url: { url: '{image}' } };
    const dataset = {
      abbr: 'theirs',
      type: 'FileDataset',
      path: 'theirs/rows.jsonl',
      reader_cfg: { input_columns: ['image'], output_column: 'answer' },
      infer_cfg: {
        prompt_template: {
          type: 'MMPromptTemplate',
          template: { round: [{ role: 'HUMAN', prompt_mm: [part] }] },
        },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
    };
    const cwd = emptyFolder({
      'theirs/rows.jsonl': `${JSON.stringify({ image: pathToFileURL('/etc/passwd').href, mm_type: 'base64', answer: '' })}\n`,
      'configs/datasets/theirs.json': JSON.stringify({ theirs_datasets: [dataset] }),
    });
    const args = [
      '--models',
      'vllm_api_general_chat',
      '--datasets',
      'theirs',
      '--url',
      server.url,
      ...withoutWarmup,
    ];
    const { code, stdout } = await aisBench(cwd, ...args);
    expect([code, stdout]).toEqual([1, expect.stringContaining('lies outside')]);
    expect(server.asked).toEqual([]);
  });
});

describe('programs beside a config in Python', () => {
  const PROGRAM =
    "import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('ran', import.meta.url), '');\nexport const models = [];\n";

  it('are not run', async () => {
    const cwd = emptyFolder({
      'theirs/run.py': 'from .evil import models\ndatasets = []\n',
      'theirs/evil.mjs': PROGRAM,
    });
    const { code, stderr } = await aisBench(cwd, 'theirs/run.py');
    expect([code, stderr]).toEqual([2, expect.stringContaining('a program that lies in no config folder')]);
    expect(existsSync(join(cwd, 'theirs/ran'))).toBe(false);
  });

  it('are not run by an import of the run', async () => {
    const cwd = emptyFolder({
      'theirs/configs/20260105_070809.py': 'from .evil import models\n',
      'theirs/configs/evil.mjs': PROGRAM,
      'theirs/predictions/m/d.jsonl': `${JSON.stringify({ id: 0, origin_prompt: 'q', prediction: 'a', gold: 'a', success: true, uuid: 'u' })}\n`,
    });
    const { stderr, stdout } = await aisBench(cwd, 'import', 'theirs');
    expect(existsSync(join(cwd, 'theirs/configs/ran'))).toBe(false);
    expect((stdout + stderr).replace(/\s+/g, ' ')).toContain('a program that lies in no config folder');
  });
});

describe('a run folder with a link in it', () => {
  it('is read by no command and written into by none', async () => {
    const { port } = await serve();
    const cwd = emptyFolder({ secret: 'mine\n' });
    const args = [
      '--models',
      CHAT,
      '--datasets',
      DEMO,
      '--host-port',
      port,
      '--num-prompts',
      '2',
      ...withoutWarmup,
    ];
    expect((await aisBench(cwd, ...args)).code).toBe(0);
    const folder = latest(cwd);
    const predictions = join(folder, 'predictions/vllm-api-stream-chat/demo_gsm8k.jsonl');
    rmSync(predictions);
    symlinkSync(join(cwd, 'secret'), predictions);
    appendFileSync(join(folder, 'configs/commands.json'), '\n');
    for (const command of [
      [...args, '--reuse'],
      ['explain', folder],
      ['export', folder],
      ['compare', folder, folder],
      ['import', folder],
    ]) {
      const { code, stderr } = await aisBench(cwd, ...command);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/RUN-DATA-001.*here is a link/)]);
    }
    expect(readFileSync(join(cwd, 'secret'), 'utf8')).toBe('mine\n');
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('is no way out of the folder for --reuse', async () => {
    const cwd = emptyFolder({ 'elsewhere/configs/a.json': '{}' });
    writeFileSync(join(cwd, 'x'), '');
    const args = ['--models', CHAT, '--datasets', DEMO, '--host-port', '9', '--work-dir', 'outputs/default'];
    for (const name of ['../../elsewhere', join(cwd, 'elsewhere'), '..', '.']) {
      const { code, stderr } = await aisBench(cwd, ...args, '--reuse', name);
      expect([code, stderr]).toEqual([2, expect.stringContaining('TMAN-CMD-002')]);
    }
  });
});
