import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { ModelKind } from '../../kit/kinds.ts';
import { type KitFile, type Names, namesOf, scaffold } from '../../kit/scaffold.ts';

interface NewFlags {
  readonly configDir: string;
  readonly force?: boolean;
}

const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** `ais_bench new api-model my_custom_api`: writes class, config and test of a new model class into the working directory. */
export function newModel(kind: ModelKind, name: string, { configDir, force = false }: NewFlags): number {
  const names = namesOf(name, configDir);
  const files = scaffold(kind, names);
  if (!force) refuseToOverwrite(files);
  for (const { path, content } of files) {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeFileSync(resolve(path), content);
  }
  process.stdout.write(`${[...listFiles(files), '', ...nextSteps(kind, names)].join('\n')}\n`);
  return EXIT.ok;
}

function refuseToOverwrite(files: readonly KitFile[]): void {
  const existing = files.map(({ path }) => path).filter((path) => existsSync(resolve(path)));
  if (existing.length === 0) return;
  throw new AisBenchError('UTILS-FILE-005', `files exist: ${existing.join(', ')}`, {
    where: process.cwd(),
    cure: 'choose another name, or overwrite with --force',
  });
}

function listFiles(files: readonly KitFile[]): string[] {
  const width = Math.max(...files.map(({ path }) => path.length));
  return files.map(({ path, meaning }) => `wrote ${path.padEnd(width)}  ${meaning}`);
}

function nextSteps(kind: ModelKind, { snake, model, test, config }: Names): string[] {
  const service = kind === 'api-model';
  const run = `ais_bench --models ${snake} --datasets ${DATASET}`;
  const folder = config.startsWith('configs/') ? '' : ` --config-dir ${dirname(dirname(config))}`;
  const steps = [
    service
      ? `adapt ${model} to your service; as written it speaks\n   v1/completions, as \`ais_bench serve\` does`
      : `put your inference into ${model}; as written it repeats the prompt`,
    ...(isInstalledHere() ? [] : ['install ais-bench in this folder: the test and your editor need it']),
    `node --test ${test}`,
    `ais_bench check ${snake}${folder}`,
    `${run}${folder}`,
  ];
  return ['Next:', ...steps.map((step, n) => `${n + 1}. ${step}`)];
}

/** Whether a module in the working directory can import `ais-bench`. */
function isInstalledHere(): boolean {
  try {
    createRequire(resolve('index.js')).resolve('ais-bench/testing');
    return true;
  } catch {
    return false;
  }
}
