import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalog } from '../catalog.ts';
import type { PythonClass } from './catalog.ts';
import { ownClasses } from './own-classes.ts';
import { classOf } from './resolve-class.ts';
import type { RawEntry } from './validate.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-python-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Where the class of that type was found. */
async function find(type: string, attr?: string): Promise<PythonClass> {
  const context = { base: folder, shipped: join(folder, 'nothing-ships'), entry: '' };
  const python = async (place: PythonClass) => ({ place }) as never;
  const own = ownClasses({ folder, context, python, models: catalog.models });
  const entry: RawEntry = {
    values: { type, attr },
    label: 'models.0',
    overridden: {},
    where: () => 'mine.yaml:3',
  };
  const { modelClass } = await classOf(entry, { models: {}, own } as never, folder);
  return (modelClass as never as { place: PythonClass }).place;
}

const CLASS =
  'from ais_bench.benchmark.models import BaseModel\n\nclass MyCustomModel(BaseModel):\n    pass\n';

describe('a class in Python', () => {
  it.each([
    ['./my_custom_model.py:MyCustomModel', 'my_custom_model.py'],
    ['my_custom_model.py:MyCustomModel', 'my_custom_model.py'],
    ['deep/er/mine.py:MyCustomModel', 'deep/er/mine.py'],
    ['MyCustomModel', 'models/my_custom_model.py'],
    ['MyCustomModel', 'models/deep/mine.py'],
    ['MyCustomModel', 'ais_bench/benchmark/models/local_models/my_custom_model.py'],
  ])('%s is found in %s', async (type, path) => {
    write({ [path]: CLASS });
    expect(await find(type)).toEqual({ file: join(folder, path), name: 'MyCustomModel', folder });
  });

  it('is one class, however often it is named', async () => {
    write({ 'mine.py': CLASS });
    const context = { base: folder, shipped: join(folder, 'nothing-ships'), entry: '' };
    const own = ownClasses({ folder, context, python: async () => ({}) as never, models: {} });
    const entry: RawEntry = { values: {}, label: 'models.0', overridden: {}, where: () => 'mine.yaml:3' };
    const named = () => own.fromFile('mine.py', 'MyCustomModel', entry);
    expect(await named()).toBe(await named());
  });

  it('is found by an absolute path too', async () => {
    write({ 'mine.py': CLASS });
    expect(await find(`${join(folder, 'mine.py')}:MyCustomModel`)).toMatchObject({ name: 'MyCustomModel' });
  });

  it('is where it is defined, not where it is named or tested', async () => {
    write({
      'models/a.py': 'from b import MyCustomModel\n"""class MyCustomModel"""\n',
      'models/b.py': 'class MyCustomModel:\n    pass\n',
      'models/test_a.py': CLASS,
    });
    expect((await find('MyCustomModel')).file).toBe(join(folder, 'models/b.py'));
  });

  it('of a file that is named may be passed on by it', async () => {
    write({ 'mine.py': 'from theirs import MyCustomModel\n' });
    expect((await find('mine.py:MyCustomModel')).file).toBe(join(folder, 'mine.py'));
  });

  it.each([
    [
      'mine.py:MyCustomModle',
      '"mine.py" has no class "MyCustomModle"',
      'did you mean "mine.py:MyCustomModel"?',
    ],
    ['mine.py:Quite', '"mine.py" has no class "Quite"', 'it has: MyCustomModel, Another'],
    ['none.py:Quite', 'there is no file "none.py"', 'paths are relative to the folder'],
    ['MyCustomMode', 'there is no model class "MyCustomMode"', 'did you mean "MyCustomModel"?'],
  ])('%s is refused: %s', async (type, message, cure) => {
    write({
      'mine.py': `${CLASS}class Another(\n    MyCustomModel,\n): ...\n`,
      'models/mine.py': CLASS,
    });
    await expect(find(type)).rejects.toMatchObject({
      code: 'UTILS-CFG-003',
      message: expect.stringContaining(message),
      where: 'mine.yaml:3',
      cure: expect.stringContaining(cure),
    });
  });

  it('for a service is told by what it inherits from, with its parsers and options', async () => {
    write({
      'models/service.py': SERVICE,
      'models/local.py': `${CLASS}\n    def parse_stream_response(self): ...\n`,
    });
    const base = { parsesText: true, parsesStream: false };
    expect((await find('Mine')).service).toEqual({ ...base, extraOptions: ['reply_language', 'depth'] });
    expect((await find('Heir')).service).toEqual({ ...base, extraOptions: ['reply_language', 'depth'] });
    expect((await find('MyCustomModel')).service).toBeUndefined();
  });
});

describe('a class that inherits from one that ships', () => {
  const ofLine = (line: string, body = '    pass\n') =>
    `from ais_bench.benchmark.models import *\n\n${line}\n${body}`;

  it.each([
    ['class Mine(VLLMCustomAPIChat):', true],
    ['class Mine(models.TGICustomAPI):', true],
    ['class Mine(Mixin, VLLMCustomAPIChatStream):', true],
    ['class Mine(BaseAPIModel, metaclass=Meta):', true],
    ['class Mine(HuggingFacewithChatTemplate):', false],
    ['class Mine(HuggingFaceVL):', false],
    ['class Mine(VLLMOfflineVLModel):', false],
    ['class Mine(BaseModel):', false],
  ])('%s is for a service: %s', async (line, isService) => {
    write({ 'models/mine.py': ofLine(line) });
    expect((await find('Mine')).service !== undefined).toBe(isService);
    // The class decides, whatever the config says.
    expect((await find('Mine', isService ? 'local' : 'service')).service !== undefined).toBe(isService);
  });

  it('has its parsers and constructor keys', async () => {
    write({
      'models/mine.py': ofLine('class Mine(VLLMCustomAPIChat):'),
      'models/more.py': ofLine(
        'class More(TritonCustomAPI):',
        '    def __init__(self, path: str, depth=1, **kwargs):\n        super().__init__(path, **kwargs)\n',
      ),
      'models/closed.py': ofLine(
        'class Closed(TritonCustomAPI):',
        '    def __init__(self, depth=1):\n        ...\n',
      ),
    });
    const base = { parsesText: true, parsesStream: true };
    const scores = { scoresPrompts: true, fixesLength: true };
    expect((await find('Mine')).service).toEqual({ ...base, ...scores, extraOptions: [] });
    const { extraOptions } = await catalog.models.TritonCustomAPI();
    const pieces = { ...base, chunksAreTokens: false };
    expect((await find('More')).service).toEqual({ ...pieces, extraOptions: ['depth', ...extraOptions] });
    expect((await find('Closed')).service).toEqual({ ...pieces, extraOptions: ['depth'] });
  });

  it('says itself whether it scores prompts, fixes lengths, and whether chunks are tokens', async () => {
    write({
      'models/mine.py': ofLine(
        'class Mine(BaseAPIModel):',
        '    chunks_are_tokens: bool = False\n    fixes_length = True\n\n    def get_ppl_request_body(self): ...\n',
      ),
      'models/other.py': ofLine(
        'class Other(VLLMCustomAPIChat):',
        '    fixes_length = False\n    chunks_are_tokens = True\n',
      ),
    });
    expect((await find('Mine')).service).toMatchObject({
      chunksAreTokens: false,
      fixesLength: true,
      scoresPrompts: true,
    });
    const { service } = await find('Other');
    expect([service?.fixesLength, service?.chunksAreTokens]).toEqual([undefined, undefined]);
  });

  it.each([
    ['from middle import Middle', 'Middle'],
    ['from .middle import Middle as Base', 'Base'],
    ['from models.deep.middle import (\n    Other,\n    Middle as Base,\n)', 'Base'],
    ['import middle', 'middle.Middle'],
    ['from .package import Middle', 'Middle'],
  ])('through a class of the user’s in another file: %s', async (statement, base) => {
    const middle =
      'class Middle(VLLMCustomAPIChat):\n    def __init__(self, tone="x", **more):\n        ...\n';
    write({
      'models/mine.py': `${statement}\n\nclass Mine(${base}):\n    pass\n`,
      'models/middle.py': middle,
      'models/deep/middle.py': middle,
      'models/package/__init__.py': 'from .inner import Middle\n',
      'models/package/inner.py': middle,
    });
    expect((await find('Mine')).service).toMatchObject({ parsesStream: true, extraOptions: ['tone'] });
  });

  it('through AISBench’s own files, whose BaseAPIModel is a BaseModel', async () => {
    const place = 'ais_bench/benchmark/models/api_models';
    const from = 'from ais_bench.benchmark.models.api_models';
    write({
      [`${place}/base_api.py`]: 'class BaseAPIModel(BaseModel):\n    pass\n',
      [`${place}/theirs.py`]: `${from}.base_api import BaseAPIModel\nclass Theirs(BaseAPIModel):\n    def parse_text_response(self): ...\n`,
      [`${place}/mine.py`]: `${from}.theirs import Theirs\nclass Mine(Theirs):\n    pass\n`,
    });
    expect((await find('Mine')).service).toEqual({ parsesText: true, parsesStream: false, extraOptions: [] });
  });

  it('is known by the config’s attr where its bases are not known', async () => {
    write({ 'models/mine.py': 'from somewhere import Base\n\nclass Mine(Base):\n    pass\n' });
    expect((await find('Mine', 'service')).service).toEqual({
      ...{ parsesText: true, parsesStream: true, extraOptions: [] },
    });
    expect((await find('Mine', 'local')).service).toBeUndefined();
    expect((await find('Mine')).service).toBeUndefined();
  });

  it('is not what a docstring shows', async () => {
    write({
      'models/mine.py': `"""\nclass Mine(BaseModel):\n    pass\n"""\n${ofLine('class Mine(VLLMCustomAPI):')}`,
    });
    expect((await find('Mine')).service).toBeDefined();
  });
});

const SERVICE = `
class Mine(BaseAPIModel):
    # not indented like the rest

    def __init__(
        self,
        path: str = "",  # words, with (brackets): and a colon
        generation_kwargs: Optional[Dict[str, int]] = dict(),
        reply_language="en", depth = 3,
    ):
        super().__init__(path=path)

    async def parse_text_response(self, data: Dict, output: RequestOutput):
        ...

class Heir(Mine):
    pass
`;
