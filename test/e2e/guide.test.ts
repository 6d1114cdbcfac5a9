/**
 * The guide "支持新模型后端" followed to the letter: its classes where it puts them, its configs, its commands. Its listings come from its
 * text where that lies beside the repository, and from equivalents of our own everywhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { sseEvents } from '../../src/testing/index.ts';
import { CHECKOUT } from '../support/aisbench-checkout.ts';
import { filled, type Guide, readGuide } from '../support/guide-listings.ts';
import {
  aisBench,
  type ChatServer,
  chatServer,
  emptyFolder,
  type Finished,
  filesBelow,
  json,
  latest,
  recordsOf,
  SSE,
  serve,
  start,
} from './support.ts';

// Up to six runs in a test, each with a Python of its own, on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const API_FOLDER = 'ais_bench/benchmark/models/api_models';
const LOCAL_FOLDER = 'ais_bench/benchmark/models/local_models';
const CONFIG_FOLDER = 'ais_bench/benchmark/configs/models';

type Files = Readonly<Record<string, string>>;

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/guide/${name}.py`, import.meta.url), 'utf8');
}

const command = (model: string) => ['--models', model, '--datasets', 'demo_gsm8k_gen_4_shot_cot_chat_prompt'];

const OURS: Guide = {
  service: {
    modelClass: fixture('my_custom_api'),
    config: fixture('my_custom_api_config'),
    command: command('my_custom_api'),
  },
  local: {
    modelClass: fixture('my_custom_model'),
    config: fixture('my_custom_model_config'),
    command: command('my_custom_model'),
  },
};

const THEIRS = readGuide();
if (THEIRS === undefined)
  console.warn('test/e2e/guide.test.ts: ../shared/seed is not here: the guide’s own listings are not tested');
const SOURCES: readonly (readonly [string, Guide])[] = [
  ['our equivalents', OURS],
  ...(THEIRS === undefined ? [] : ([['the guide’s own text', THEIRS]] as const)),
];

/** A small protocol: what a reader of the guide writes into the four methods. */
const API_BODIES = {
  _get_url: 'return f"http://{self.host_ip}:{self.host_port}/ask"',
  get_request_body: `
roles = {"HUMAN": "user", "BOT": "assistant", "SYSTEM": "system"}
messages = [{"role": "user", "content": input}] if isinstance(input, str) else [
    {"role": roles[item["role"]], "content": item["prompt"]} for item in input
]
output.input = input
output.extra_details_data["messages"] = len(messages)
return {"messages": messages, "stream": self.stream, "limit": max_out_len, **self.generation_kwargs}`,
  parse_text_response: `
output.content = data["answer"]
output.output_tokens = data["count"]`,
  parse_stream_response: `
output.content += data.get("piece", "")
output.output_tokens = data.get("count", output.output_tokens)`,
};

/** The guide’s local listing leaves its imports out. */
const LOCAL_IMPORTS = `from typing import Dict, List, Optional, Union

from ais_bench.benchmark.models import BaseModel
from ais_bench.benchmark.utils.prompt import PromptList

PromptType = Union[PromptList, str]


`;

const LOCAL_BODIES = {
  generate:
    'return ["The answer is 26" for prompt in input if prompt[-1]["role"] == "HUMAN" and max_out_len == 100]',
};

const apiClass = ({ service }: Guide): string => filled(service.modelClass, API_BODIES);
const localClass = ({ local }: Guide): string => LOCAL_IMPORTS + filled(local.modelClass, LOCAL_BODIES);

/** What comes in one read has no time of a first token. */
const apart = (events: readonly string[]) => events.flatMap((event) => [event, { pauseMs: 3 }]);

const service = (): Promise<ChatServer> =>
  chatServer(({ body }) => {
    if (!JSON.parse(body).stream) return json({ answer: 'The answer is 26', count: 5 });
    const events = [{ piece: 'The answer ' }, { piece: 'is ' }, { piece: '26' }, { count: 5 }];
    return { headers: SSE, body: apart(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)) };
  });

/** The config as its reader edits it: the port of the service, and whether it streams. */
function edited(config: string, { port }: { readonly port: number | string }, stream: boolean): string {
  const found = config.match(/host_port=8080|stream=False/g);
  expect(found).toEqual(['stream=False', 'host_port=8080']);
  return config
    .replace('stream=False', `stream=${stream ? 'True' : 'False'}`)
    .replace('host_port=8080', `host_port=${port}`)
    .replace('host_ip="localhost"', 'host_ip="127.0.0.1"');
}

/** What each folder holds beside the reader’s own files. */
const FOLDERS: readonly (readonly [string, (init: Files) => Files])[] = [
  ['an empty folder', () => ({})],
  ['an empty folder, with __init__.py', (init) => init],
  ['a checkout of AISBench', () => CHECKOUT],
  [
    'a checkout of AISBench, with __init__.py',
    (init) => ({
      ...CHECKOUT,
      ...Object.fromEntries(
        Object.entries(init).map(([path, line]) => [path, `${CHECKOUT[path] ?? ''}${line}`]),
      ),
    }),
  ],
];

/** The lines that the guide has its reader add, in both places where that may be. */
const inits = (folder: string, file: string, name: string): Files => ({
  'ais_bench/benchmark/models/__init__.py': `from ${`${folder}/${file}`.replaceAll('/', '.')} import ${name}  # noqa: F401\n`,
  [`${folder}/__init__.py`]: `from .${file} import ${name}\n`,
});
const API_INIT = inits(API_FOLDER, 'my_custom_api', 'MyCustomAPI');
const LOCAL_INIT = inits(LOCAL_FOLDER, 'my_custom_model', 'MyCustomModel');

function expectScored({ code, stdout, stderr }: Finished, model: string): void {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).not.toContain('WARN');
  expect(stdout).toMatch(new RegExp(`^demo_gsm8k accuracy ${model} +12\\.50 8 `, 'm'));
}

function expectMeasured({ code, stdout, stderr }: Finished, streams: boolean): void {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/^E2EL, ms +\d/m);
  if (streams) expect(stdout).toMatch(/^TTFT, ms +\d/m);
  expect(stdout).not.toMatch(/ accuracy /);
}

/** All records are answers, and, of a service, with its own count. */
function expectAnswered(cwd: string, outputTokens?: object): void {
  const records = recordsOf(cwd);
  expect(records).toHaveLength(8);
  for (const record of records)
    expect(record).toMatchObject({ outcome: 'ok', ...(outputTokens === undefined ? {} : { outputTokens }) });
}

const COUNTED = { value: 5, source: 'server' };

describe.each(SOURCES)('%s', (_source, guide) => {
  describe.each(FOLDERS)('in %s', (_folder, filesOf) => {
    it('runs the class for a service, for its accuracy and for its performance', async () => {
      const server = await service();
      for (const stream of [false, true]) {
        const cwd = emptyFolder({
          ...filesOf(API_INIT),
          [`${API_FOLDER}/my_custom_api.py`]: apiClass(guide),
          [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(guide.service.config, server, stream),
        });
        expectScored(await aisBench(cwd, ...guide.service.command), 'my_custom_api');
        expectAnswered(cwd, COUNTED);
        if (!stream) continue;
        expectMeasured(await aisBench(cwd, ...guide.service.command, '--mode', 'perf'), stream);
        expectAnswered(cwd, COUNTED);
      }
      expect(server.asked.every(({ path }) => path === '/ask')).toBe(true);
      const body = JSON.parse(server.asked[0]!.body);
      expect(body).toMatchObject({ stream: false, limit: 512, temperature: 0.01, ignore_eos: false });
      const roles = body.messages.map(({ role }: { role: string }) => role);
      expect(roles).toEqual(Array.from({ length: 9 }, (_, n) => (n % 2 === 0 ? 'user' : 'assistant')));
    });

    it('runs the class of a local model, for its accuracy and for its performance', async () => {
      const cwd = emptyFolder({
        ...filesOf(LOCAL_INIT),
        [`${LOCAL_FOLDER}/my_custom_model.py`]: localClass(guide),
        [`${CONFIG_FOLDER}/my_custom_model.py`]: guide.local.config,
      });
      expectScored(await aisBench(cwd, ...guide.local.command), 'my_custom_model');
      expectAnswered(cwd);
      expectMeasured(await aisBench(cwd, ...guide.local.command, '--mode', 'perf'), false);
      expectAnswered(cwd);
    });
  });

  it('measures a service that is configured not to stream, as the guide’s config is', async () => {
    const server = await service();
    const cwd = emptyFolder({
      [`${API_FOLDER}/my_custom_api.py`]: apiClass(guide),
      [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(guide.service.config, server, false),
    });
    expectMeasured(await aisBench(cwd, ...guide.service.command, '--mode', 'perf'), false);
    expectAnswered(cwd, COUNTED);
  });

  it('runs against the embedded service, whose chat protocol the class speaks', async () => {
    const { port } = await serve();
    const chat = {
      ...API_BODIES,
      _get_url: 'return f"{self.base_url}v1/chat/completions"',
      get_request_body: API_BODIES.get_request_body.replace(
        'return {',
        'return {"model": self._get_service_model_path(), "max_tokens": max_out_len, ',
      ),
      parse_text_response: 'output.content = data["choices"][0]["message"]["content"]',
      parse_stream_response: `
for choice in data["choices"]:
    output.content += choice["delta"].get("content") or ""`,
    };
    for (const stream of [false, true]) {
      const cwd = emptyFolder({
        [`${API_FOLDER}/my_custom_api.py`]: filled(guide.service.modelClass, chat),
        [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(guide.service.config, { port }, stream).replace(
          'batch_size=1',
          'batch_size=8',
        ),
      });
      const { code, stdout, stderr } = await aisBench(cwd, ...guide.service.command);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toMatch(/^demo_gsm8k accuracy \(simulated\) my_custom_api +\d+\.\d\d 8 /m);
      expectMeasured(await aisBench(cwd, ...guide.service.command, '--mode', 'perf'), stream);
    }
  });

  it.each(['class', 'config'])(
    'says where the %s was looked for when it is not where it belongs',
    async (lost) => {
      const server = await service();
      const cwd = emptyFolder({
        [lost === 'class' ? 'elsewhere/my_custom_api.py' : `${API_FOLDER}/my_custom_api.py`]: apiClass(guide),
        [lost === 'config' ? 'elsewhere/my_custom_api.py' : `${CONFIG_FOLDER}/my_custom_api.py`]: edited(
          guide.service.config,
          server,
          false,
        ),
      });
      const { code, stderr } = await aisBench(cwd, ...guide.service.command);
      expect(code).toBe(2);
      expect(stderr).toContain(lost === 'class' ? 'ais_bench/benchmark/models' : CONFIG_FOLDER);
    },
  );
});

const TS_API = `
import { BaseAPIModel, type PromptType, type RequestOutput, toMessages } from 'ais-bench';

export class MyCustomAPI extends BaseAPIModel {
  getUrl(): string {
    return new URL('ask', this.baseUrl).href;
  }

  getRequestBody(input: PromptType, maxOutLen: number, output: RequestOutput): object {
    const { stream, generationKwargs } = this.options;
    const messages = toMessages(input);
    output.extraDetailsData['messages'] = messages.length;
    return { messages, stream, limit: maxOutLen, ...generationKwargs };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = data.answer;
    output.outputTokens = data.count;
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.content += data.piece ?? '';
    output.outputTokens = data.count ?? output.outputTokens;
  }
}
`;

describe('a config by its path, from another folder', () => {
  it.each([
    ['py', apiClass(OURS)],
    ['ts', TS_API],
  ])('finds its class in the tree that it is in: .%s', async (ending, source) => {
    const server = await service();
    const tree = emptyFolder({
      ...CHECKOUT,
      [`${API_FOLDER}/my_custom_api.${ending}`]: source,
      [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(OURS.service.config, server, true),
    });
    const [, , ...dataset] = OURS.service.command;
    const cwd = emptyFolder();
    const config = join(tree, CONFIG_FOLDER, 'my_custom_api.py');
    expectScored(await aisBench(cwd, '--models', config, ...dataset), 'my_custom_api');
    const folder = join(tree, 'ais_bench/benchmark/configs');
    expectScored(await aisBench(cwd, '--config-dir', folder, ...OURS.service.command), 'my_custom_api');
  });
});

describe('in a checkout that is on PYTHONPATH too', () => {
  it('runs both classes, with what lies beside them', async () => {
    const server = await service();
    const cwd = emptyFolder({
      ...CHECKOUT,
      [`${API_FOLDER}/my_custom_api.py`]: `from .beside import NAME\nimport queue\n${apiClass(OURS)}`,
      [`${API_FOLDER}/beside.py`]: 'NAME = "beside"\n',
      [`${LOCAL_FOLDER}/my_custom_model.py`]: `from .also_beside import NAME\n${localClass(OURS)}`,
      [`${LOCAL_FOLDER}/also_beside.py`]: 'NAME = "beside"\n',
      [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(OURS.service.config, server, true),
      [`${CONFIG_FOLDER}/my_custom_model.py`]: OURS.local.config,
    });
    for (const path of ['.', cwd]) {
      const env = { PYTHONPATH: path };
      expectScored(await start(cwd, OURS.service.command, { env }).finished, 'my_custom_api');
      expectScored(await start(cwd, OURS.local.command, { env }).finished, 'my_custom_model');
    }
  });
});

describe('a class with a name of ais_bench.benchmark.models in the config', () => {
  it('is the one that the step with __init__.py adds, for a service too', async () => {
    const server = await service();
    const byPackage = OURS.service.config.replace(
      'ais_bench.benchmark.models.api_models.my_custom_api',
      'ais_bench.benchmark.models',
    );
    const cwd = emptyFolder({
      ...API_INIT,
      [`${API_FOLDER}/my_custom_api.py`]: apiClass(OURS),
      [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(byPackage, server, true),
    });
    expectScored(await aisBench(cwd, ...OURS.service.command), 'my_custom_api');
  });
});

const TS_LOCAL = `
import { BaseModel, type PromptType } from 'ais-bench';

export class MyCustomModel extends BaseModel {
  override async generate(inputs: readonly PromptType[], maxOutLen: number): Promise<readonly string[]> {
    return inputs.map((input) => (Array.isArray(input) && maxOutLen === 100 ? 'The answer is 26' : ''));
  }
}
`;

/** The guide's config in TypeScript: the same keys. */
const tsConfig = (source: string, type: string, file: string): string =>
  `${file === '' ? '' : `import { ${type} } from '${file}';\n\n`}export ${source
    .split('\n')
    .slice(source.split('\n').findIndex((line) => line.startsWith('models = [')))
    .join('\n')
    .replace('models =', 'const models =')
    .replace(/dict\(([^()]*)\)/g, (_, inner: string) => `{${inner.replace(/(\w+)=/g, '$1: ')}}`)
    .replace(/dict\(/, '{')
    .replace(/\n {4}\)\n/, '\n    }\n')
    .replace(/(\w+)=/g, '$1: ')
    .replace(/\bTrue\b/g, 'true')
    .replace(/\bFalse\b/g, 'false')
    .replace(/\bNone\b/g, 'null')
    .replace(/type: \w+/, file === '' ? `type: '${type}'` : `type: ${type}`)}`;

describe('in TypeScript, in the guide’s places', () => {
  const CONFIGS = [
    ['py', 'the guide’s config in Python', (config: string) => config],
    [
      'ts',
      'a config that imports the class',
      (config: string, name: string, file: string) => tsConfig(config, name, `../../models/${file}.ts`),
    ],
    ['ts', 'a config that names the class', (config: string, name: string) => tsConfig(config, name, '')],
  ] as const;

  describe.each([FOLDERS[0]!, FOLDERS[2]!])('in %s', (_folder, filesOf) => {
    it.each(CONFIGS)('a class for a service runs, with a config in .%s: %s', async (ending, _how, write) => {
      const server = await service();
      for (const stream of [false, true]) {
        const cwd = emptyFolder({
          ...filesOf({}),
          [`${API_FOLDER}/my_custom_api.ts`]: TS_API,
          [`${CONFIG_FOLDER}/my_custom_api.${ending}`]: write(
            edited(OURS.service.config, server, stream),
            'MyCustomAPI',
            'api_models/my_custom_api',
          ),
        });
        expectScored(await aisBench(cwd, ...OURS.service.command), 'my_custom_api');
        expectAnswered(cwd, COUNTED);
        if (!stream) continue;
        expectMeasured(await aisBench(cwd, ...OURS.service.command, '--mode', 'perf'), stream);
        expectAnswered(cwd, COUNTED);
      }
      expect(JSON.parse(server.asked[0]!.body)).toMatchObject({ limit: 512, temperature: 0.01 });
    });

    it.each(CONFIGS)('a local model runs, with a config in .%s: %s', async (ending, _how, write) => {
      const cwd = emptyFolder({
        ...filesOf({}),
        [`${LOCAL_FOLDER}/my_custom_model.ts`]: TS_LOCAL,
        [`${CONFIG_FOLDER}/my_custom_model.${ending}`]: write(
          OURS.local.config,
          'MyCustomModel',
          'local_models/my_custom_model',
        ),
      });
      expectScored(await aisBench(cwd, ...OURS.local.command), 'my_custom_model');
      expectAnswered(cwd);
      expectMeasured(await aisBench(cwd, ...OURS.local.command, '--mode', 'perf'), false);
      expectAnswered(cwd);
    });
  });
});

/** "See VLLMCustomAPIChat": the class that the guide points to, as the parent of the reader's own. */
describe('a class that inherits from VLLMCustomAPIChat', () => {
  const CONFIG = `${OURS.service.config}`;
  const CHAT = (body: string) => JSON.parse(body);
  const vllm = () =>
    chatServer(({ body }) => {
      const usage = { prompt_tokens: 7, completion_tokens: 5 };
      if (!CHAT(body).stream)
        return json({
          choices: [{ message: { content: 'The answer is 26' }, finish_reason: 'stop' }],
          usage,
        });
      const pieces = ['The answer ', 'is ', '26'].map((content) => ({
        choices: [{ index: 0, delta: { content } }],
      }));
      const events = [
        ...pieces,
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
        { choices: [], usage },
      ];
      return { headers: SSE, body: apart(sseEvents(events)) };
    });

  const PYTHON = (from: string) => `
from ${from} import VLLMCustomAPIChat


class MyCustomAPI(VLLMCustomAPIChat):
    def __init__(self, flavour: str = "plain", **kwargs):
        super().__init__(**kwargs)
        self.flavour = flavour

    async def get_request_body(self, input, max_out_len, output, **args):
        body = await super().get_request_body(input, max_out_len, output, **args)
        return {**body, "flavour": self.flavour}

    async def parse_text_response(self, data, output):
        await super().parse_text_response(data, output)
        output.content = output.content.strip()

    async def parse_stream_response(self, data, output):
        await super().parse_stream_response(data, output)
`;

  const TYPESCRIPT = `
import { type PromptType, type RequestArgs, type RequestOutput, VLLMCustomAPIChat } from 'ais-bench';

export class MyCustomAPI extends VLLMCustomAPIChat {
  static override readonly extraOptions = [...VLLMCustomAPIChat.extraOptions, 'flavour'];

  override getRequestBody(input: PromptType, maxOutLen: number, output: RequestOutput, args: RequestArgs): object {
    return { ...super.getRequestBody(input, maxOutLen, output, args), flavour: this.options['flavour'] };
  }
}
`;

  it.each([
    ['Python', 'py', PYTHON('ais_bench.benchmark.models'), {}],
    [
      'Python, from its module',
      'py',
      PYTHON('ais_bench.benchmark.models.api_models.vllm_custom_api_chat'),
      {},
    ],
    ['Python, in a checkout', 'py', PYTHON('ais_bench.benchmark.models'), CHECKOUT],
    ['TypeScript', 'ts', TYPESCRIPT, {}],
  ] as const)('runs in %s', async (_language, ending, source, more) => {
    const server = await vllm();
    for (const stream of [false, true]) {
      const cwd = emptyFolder({
        ...more,
        [`${API_FOLDER}/my_custom_api.${ending}`]: source,
        [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(CONFIG, server, stream).replace(
          'retry=2,',
          'retry=2, flavour="sweet",',
        ),
      });
      expectScored(await aisBench(cwd, ...OURS.service.command), 'my_custom_api');
      expectAnswered(cwd, COUNTED);
      if (stream) expectMeasured(await aisBench(cwd, ...OURS.service.command, '--mode', 'perf'), stream);
    }
    expect(server.asked.every(({ path }) => path === '/v1/chat/completions')).toBe(true);
    const body = CHAT(server.asked[0]!.body);
    expect(body).toMatchObject({ flavour: 'sweet', model: 'scripted', temperature: 0.01, max_tokens: 512 });
    expect(body.messages).toHaveLength(9);
  });
});

/** "See HuggingFacewithChatTemplate": without its packages it cannot load, and says which; `test/real` runs it with them. */
describe('a class that inherits from HuggingFacewithChatTemplate', () => {
  const PYTHON = `
from ais_bench.benchmark.models import HuggingFacewithChatTemplate


class MyCustomModel(HuggingFacewithChatTemplate):
    def generate(self, input, max_out_len, **kwargs):
        return [text.strip() for text in super().generate(input, max_out_len, **kwargs)]
`;
  const TYPESCRIPT = `
import { type GenerateArgs, HuggingFacewithChatTemplate, type PromptType } from 'ais-bench';

export class MyCustomModel extends HuggingFacewithChatTemplate {
  override generate(inputs: readonly PromptType[], maxOutLen: number, args: GenerateArgs) {
    return super.generate(inputs, maxOutLen, args);
  }
}
`;
  it.each([
    ['Python', 'py', PYTHON],
    ['TypeScript', 'ts', TYPESCRIPT],
  ])(
    'in %s says what is to be installed where transformers is missing',
    async (_language, ending, source) => {
      const cwd = emptyFolder({
        [`${LOCAL_FOLDER}/my_custom_model.${ending}`]: source,
        [`${CONFIG_FOLDER}/my_custom_model.py`]: OURS.local.config,
        // Whatever this machine has installed, these are not to be had.
        'absent/torch/__init__.py': 'raise ImportError("no torch here")\n',
        'absent/transformers/__init__.py': 'raise ImportError("no transformers here")\n',
      });
      const env = { PYTHONPATH: join(cwd, 'absent') };
      const { code, stderr } = await start(cwd, OURS.local.command, { env }).finished;
      expect(code).toBe(2);
      expect(stderr).toContain('UTILS-DEPENDENCY-001');
      expect(stderr).toMatch(/-m pip install (torch|'?transformers)/);
    },
  );
});

it('keeps what the class said about a request with its prediction', async () => {
  const server = await service();
  const cwd = emptyFolder({
    [`${API_FOLDER}/my_custom_api.py`]: apiClass(OURS),
    [`${CONFIG_FOLDER}/my_custom_api.py`]: edited(OURS.service.config, server, false),
  });
  await aisBench(cwd, ...OURS.service.command);
  const rows = filesBelow(latest(cwd))
    .filter(({ path }) => path.startsWith('predictions/'))
    .flatMap(({ content }) => content.trim().split('\n'));
  expect(rows).toHaveLength(8);
  for (const row of rows) expect(JSON.parse(row).details).toEqual({ messages: 9 });
});
