import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { Kind } from '../../kit/kinds.ts';
import { type KitFile, type Names, namesOf, scaffold } from '../../kit/scaffold.ts';

export interface NewFlags {
  readonly configDir: string;
  readonly force?: boolean;
}

const DATASET = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** `ais_bench new api-model my_custom_api`: class, config and test of a model of one's own, in this folder. */
export function newModel(kind: Kind, name: string, { configDir, force = false }: NewFlags): number {
  const names = namesOf(name, configDir);
  const files = scaffold(kind, names);
  if (!force) refuseToOverwrite(files);
  for (const { path, content } of files) {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    writeFileSync(resolve(path), content);
  }
  process.stdout.write(`${[...written(files), '', ...whatIsNext(kind, names)].join('\n')}\n`);
  return EXIT.ok;
}

function refuseToOverwrite(files: readonly KitFile[]): void {
  const there = files.map(({ path }) => path).filter((path) => existsSync(resolve(path)));
  if (there.length === 0) return;
  throw new AisBenchError('UTILS-FILE-005', `already there: ${there.join(', ')}`, {
    where: process.cwd(),
    cure: 'choose another name, or overwrite with --force',
  });
}

function written(files: readonly KitFile[]): string[] {
  const width = Math.max(...files.map(({ path }) => path.length));
  return files.map(({ path, meaning }) => `wrote ${path.padEnd(width)}  ${meaning}`);
}

function whatIsNext(kind: Kind, { snake, model, test, config }: Names): string[] {
  const service = kind === 'api-model';
  const run = `ais_bench --models ${snake} --datasets ${DATASET}`;
  const folder = config.startsWith('configs/') ? '' : ` --config-dir ${dirname(dirname(config))}`;
  const steps = [
    service
      ? `make ${model} say what your service says; as written it speaks\n   v1/completions, as \`ais_bench serve\` does`
      : `put your inference into ${model}; as written it repeats the prompt`,
    ...(isInstalledHere() ? [] : ['install ais-bench in this folder: the test and your editor need it']),
    `node --test ${test}`,
    `ais_bench check ${snake}${folder}`,
    `${run}${folder}`,
  ];
  return ['Next:', ...steps.map((step, n) => `${n + 1}. ${step}`)];
}

/** Whether a module in this folder can import `ais-bench`. */
function isInstalledHere(): boolean {
  try {
    createRequire(resolve('index.js')).resolve('ais-bench/testing');
    return true;
  } catch {
    return false;
  }
}
