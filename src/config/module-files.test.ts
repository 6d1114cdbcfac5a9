import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { moduleFiles } from './class-code.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ais-bench-module-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Names of the files that a module is made of, below the user's folder. */
function filesOf(module: string, files: Readonly<Record<string, string>>): string[] {
  const folder = folderWith(files);
  return moduleFiles(join(folder, module), folder).map((file) => relative(folder, file));
}

it('of TypeScript and JavaScript are those that are named by relative paths, one through the other', () => {
  const mine = `
import { BaseModel } from 'ais-bench';
import type { Shape } from "./shape";
import { help } from './help.js';
export * from '../lib/index.mjs';
import './effect.cjs'
const late = await import('./late.ts');
const data = require( './data' );
import gone from './gone.ts';
import dep from './node_modules/dep/index.js';
import {
  far,
} from '../lib';
`;
  const files = {
    'models/mine.ts': mine,
    'models/shape.ts': "import '../models/mine.ts';",
    'models/help.ts': "import { deep } from './deep/';",
    'models/deep/index.ts': '',
    'models/effect.cjs': '',
    'models/late.ts': '',
    'models/data.json': '{"from": "./unread.ts"}',
    'models/unread.ts': '',
    'models/node_modules/dep/index.js': '',
    'lib/index.mjs': '',
    'lib/index.ts': '',
    'models/other.ts': '',
  };
  expect(filesOf('models/mine.ts', files).sort()).toEqual(
    [
      ...['lib/index.mjs', 'lib/index.ts', 'models/data.json', 'models/deep/index.ts', 'models/effect.cjs'],
      ...['models/help.ts', 'models/late.ts', 'models/mine.ts', 'models/shape.ts'],
    ].sort(),
  );
});

it('of a package are its own files, and not those of what it depends on', () => {
  const files = {
    'node_modules/p/lib/main.js':
      "import './own.js';\nimport '../node_modules/dep/index.js';\nimport '../../other/index.js';",
    'node_modules/p/lib/own.js': '',
    'node_modules/p/node_modules/dep/index.js': '',
  };
  const own = ['node_modules/p/lib/main.js', 'node_modules/p/lib/own.js'];
  expect(filesOf('node_modules/p/lib/main.js', files)).toEqual(own);
});

it('of Python are relative imports, files beside the class and files of the user’s folder, packages with what they run', () => {
  const mine = `
import json, beside  # a, b
import pkg.sub.leaf as leaf
from .near import (
    one,  # two
    three as four,
)
from . import sibling, \\
    cousin
from ..up import nothing
from top import name
from ais_bench.benchmark.models import BaseModel
from ais_bench.benchmark.models.local_models.guide import Guide
if True:
    from lazily import x
text = "import unseen"
`;
  const files = {
    'models/own/mine.py': mine,
    'models/own/__init__.py': '',
    'models/own/beside.py': 'import mine\nfrom beside2 import *',
    'models/own/beside2.py': '',
    'models/own/near/__init__.py': '',
    'models/own/near/three.py': '',
    'models/own/near/other.py': '',
    'models/own/sibling.py': '',
    'models/own/cousin.py': '',
    'models/up.py': '',
    'models/own/lazily.py': '',
    'models/own/unseen.py': '',
    'pkg/__init__.py': '',
    'pkg/sub/leaf.py': '',
    'top.py': '',
    'ais_bench/benchmark/models/__init__.py': 'never run: ours comes first',
    'ais_bench/benchmark/models/local_models/guide.py': '',
  };
  expect(filesOf('models/own/mine.py', files).sort()).toEqual(
    [
      ...[
        'mine',
        'beside',
        'beside2',
        '__init__',
        'near/__init__',
        'near/three',
        'sibling',
        'cousin',
        'lazily',
      ].map((name) => `models/own/${name}.py`),
      ...['models/up.py', 'pkg/__init__.py', 'pkg/sub/leaf.py', 'top.py'],
      'ais_bench/benchmark/models/local_models/guide.py',
    ].sort(),
  );
});

it('are real files, each once, whatever links to them; none where there is no module', () => {
  const folder = folderWith({ 'a.ts': "import './link.ts'; import './b.ts';", 'b.ts': "import './a.ts';" });
  symlinkSync(join(folder, 'b.ts'), join(folder, 'link.ts'));
  expect(moduleFiles(join(folder, 'a.ts'), folder)).toEqual([join(folder, 'a.ts'), join(folder, 'b.ts')]);
  expect(moduleFiles(join(folder, 'none.ts'), folder)).toEqual([]);
});

it('takes linear time on long texts', () => {
  const folder = folderWith({
    'a.py': 'from '.repeat(50_000),
    'b.py': 'from . import ('.repeat(20_000),
    'c.ts': 'import '.repeat(50_000),
    'd.ts': 'from "./'.repeat(20_000),
  });
  const start = performance.now();
  for (const name of ['a.py', 'b.py', 'c.ts', 'd.ts']) moduleFiles(join(folder, name), folder);
  expect(performance.now() - start).toBeLessThan(5000);
});
