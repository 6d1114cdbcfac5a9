import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { catalog } from '../catalog.ts';
import type { ModelClass } from '../contract/class-ref.ts';
import { VLLMCustomAPIChat } from '../models/api/vllm-custom-api-chat.ts';
import { pythonModelClass } from '../models/local/worker-model.ts';
import { modelCode } from './class-code.ts';
import { loadConfig } from './load.ts';
import { ownClasses } from './own-classes.ts';

const entry = fileURLToPath(new URL('../index.ts', import.meta.url));

/** A user's folder. */
function usersFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-class-code-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const context = (folder: string) => ({ base: folder, shipped: join(folder, 'nothing-ships'), entry });
const named = { values: {}, label: 'models.0', overridden: {}, where: () => '' };

/** The class of that name as a run finds it. */
async function classIn(folder: string, name: string): Promise<ModelClass> {
  const python = async (place: Parameters<typeof pythonModelClass>[0]) => pythonModelClass(place);
  return (await ownClasses({ folder, context: context(folder), python, models: {} }).find(name, named))!
    .modelClass;
}

const OWN = `import { BaseModel } from 'ais-bench';
import { words } from './words.ts';
export class Own extends BaseModel { async generate() { return words; } }
`;

it('is that of every file of the user’s that the class is made of, wherever the folder lies', async () => {
  const files = { 'models/own.ts': OWN, 'models/words.ts': "export const words = ['a'];" };
  const codeIn = async (own: Readonly<Record<string, string>>) => {
    const folder = usersFolder(own);
    return modelCode(await classIn(folder, 'Own'), catalog, folder);
  };
  const code = await codeIn(files);
  expect(code).toMatch(/^[0-9a-f]{64}$/);
  expect(await codeIn({ ...files, 'models/other.ts': 'export {};' })).toBe(code);
  expect(await codeIn({ ...files, 'models/words.ts': "export const words = ['b'];" })).not.toBe(code);
  expect(await codeIn({ ...files, 'models/own.ts': `${OWN}// another` })).not.toBe(code);
});

it('of a class in Python holds its neighbours', async () => {
  const own =
    'from ais_bench.benchmark.models import BaseModel\nimport words\n\nclass Own(BaseModel):\n    pass\n';
  const codeIn = async (text: string) => {
    const folder = usersFolder({ 'models/own.py': own, 'models/words.py': text });
    return modelCode(await classIn(folder, 'Own'), catalog, folder);
  };
  const code = await codeIn('a = 1');
  expect(await codeIn('a = 1')).toBe(code);
  expect(await codeIn('a = 2')).not.toBe(code);
});

it('of a class that a config imports holds what is imported, and none of the config’s settings', async () => {
  const codeIn = async (batchSize: number, words: string) => {
    const folder = usersFolder({
      'models/own.ts': OWN,
      'models/words.ts': `export const words = ['${words}'];`,
      'configs/mine.ts': `import { Own } from '../models/own.ts';
export const models = [{ attr: 'local', type: Own, abbr: 'own', batch_size: ${batchSize} }];`,
    });
    const { values } = await loadConfig(join(folder, 'configs/mine.ts'), context(folder));
    return modelCode((values['models'] as { type: ModelClass }[])[0]!.type, catalog, folder);
  };
  const code = await codeIn(1, 'a');
  expect(await codeIn(2, 'a')).toBe(code);
  expect(await codeIn(1, 'b')).not.toBe(code);
});

it('is none of the user’s where the class ships', async () => {
  expect(await modelCode(VLLMCustomAPIChat, catalog, '')).toBeUndefined();
});
