/** The guide's two config listings, as they are printed there, with the classes in Python where the guide puts them. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aisBench, chatServer, emptyFolder, filesBelow, json } from './support.ts';

const GUIDE = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

const API_CONFIG = `from ais_bench.benchmark.models.api_models.my_custom_api import MyCustomAPI

models = [
    dict(
        attr="service",                  # (必需)标志模型为服务化 API 模型
        type=MyCustomAPI,                # (必需)自定义 API 模型类
        abbr='my_custom_api',            # (必需)模型唯一标识
        path="",                         # (可选)模型词表路径
        model="",
        stream=False,
        request_rate=0,
        retry=2,
        api_key="",
        host_ip="localhost",
        host_port=8080,
        url="",
        max_out_len=512,
        batch_size=1,
        trust_remote_code=False,
        generation_kwargs=dict(
            temperature=0.01,
            ignore_eos=False
        ),
    )
]
`;

const LOCAL_CONFIG = `from ais_bench.benchmark.models import MyCustomModel

models = [
    dict(
        attr="local",
        type=MyCustomModel,
        abbr='my_custom_model',
        path='THUDM/chatglm-6b',
        max_out_len=100,
        batch_size=1,
        max_seq_len=2048,
        generation_kwargs=dict(
            temperature=0.0,
            stop_token_ids=None
        ),
        # ... 其他可选参数
    )
]
`;

const API_CLASS = `
from typing import Dict, Optional, Union

from ais_bench.benchmark.models import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput
from ais_bench.benchmark.utils.prompt import PromptList

PromptType = Union[PromptList, str]


class MyCustomAPI(BaseAPIModel):
    is_api: bool = True

    def __init__(self, path: str = "", stream: bool = False, max_out_len: int = 4096, retry: int = 2, api_key: str = "",
                 host_ip: str = "localhost", host_port: int = 8080, url: str = "", trust_remote_code: bool = False,
                 generation_kwargs: Optional[Dict] = dict()):
        super().__init__(path=path, stream=stream, max_out_len=max_out_len, retry=retry, api_key=api_key, host_ip=host_ip,
                         host_port=host_port, url=url, generation_kwargs=generation_kwargs)
        self.url = self._get_url()

    def _get_url(self):
        return self.base_url + "ask"

    async def get_request_body(self, input: PromptType, max_out_len: int, output: RequestOutput, **args) -> dict:
        return dict(asked=str(input)[-40:], max_out_len=max_out_len, **self.generation_kwargs)

    async def parse_text_response(self, data: Dict, output: RequestOutput):
        output.content = data["answer"]
`;

const LOCAL_CLASS = `
import json
from ais_bench.benchmark.models import BaseModel


class MyCustomModel(BaseModel):
    def __init__(self, path, max_seq_len=2048, tokenizer_only=False, meta_template=None, generation_kwargs=dict(),
                 sync_rank=False, **kwargs):
        super().__init__(path, max_seq_len, tokenizer_only, meta_template, generation_kwargs, sync_rank)
        with open("made.json", "w") as file:
            json.dump([path, max_seq_len, generation_kwargs], file)

    def generate(self, input, max_out_len, **kwargs):
        return ["The answer is 144" for _ in input]
`;

describe('the guide’s listings', () => {
  it.each(['configs/models/my_custom_api.py', 'ais_bench/benchmark/configs/models/my_custom_api.py'])(
    'of a service model runs, from %s',
    async (at) => {
      const server = await chatServer(() => json({ answer: 'The answer is 26' }));
      const cwd = emptyFolder({
        [at]: API_CONFIG,
        'ais_bench/benchmark/models/api_models/my_custom_api.py': API_CLASS,
      });
      const args = ['--models', 'my_custom_api', '--datasets', GUIDE, '--url', server.url];
      const { code, stdout, stderr } = await aisBench(cwd, ...args);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toMatch(/^demo_gsm8k accuracy my_custom_api +12\.50 8 /m);
      const bodies = server.asked.map(({ body }) => JSON.parse(String(body)));
      expect(bodies[0]).toMatchObject({ max_out_len: 512, temperature: 0.01, ignore_eos: false });
    },
  );

  it('of a local model runs', async () => {
    const cwd = emptyFolder({
      'configs/models/my_custom_model.py': LOCAL_CONFIG,
      'ais_bench/benchmark/models/local_models/my_custom_model.py': LOCAL_CLASS,
    });
    const { code, stdout, stderr } = await aisBench(cwd, '--models', 'my_custom_model', '--datasets', GUIDE);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^demo_gsm8k accuracy my_custom_model +12\.50 8 /m);
    const made = filesBelow(cwd).find(({ path }) => path === 'made.json')!;
    expect(JSON.parse(made.content)).toEqual([
      'THUDM/chatglm-6b',
      2048,
      { temperature: 0, stop_token_ids: null },
    ]);
  });
});

const WHOLE = `from mmengine.config import read_base
from ais_bench.benchmark.partitioners import NaivePartitioner
from ais_bench.benchmark.runners import LocalRunner
from ais_bench.benchmark.tasks import OpenICLApiInferTask
from my_classes.quick import Quick

with read_base():
    from ais_bench.benchmark.configs.datasets.demo.${GUIDE} import gsm8k_datasets as demo
    from ais_bench.benchmark.configs.summarizers.example import summarizer
    from .parts.shared import LIMIT

datasets = [dict(one, abbr='whole') for one in demo]
models = [dict(attr='local', type=Quick, abbr=f'quick-{n}', path='p', max_out_len=LIMIT, batch_size=2, max_seq_len=64) for n in range(2)]
infer = dict(partitioner=dict(type=NaivePartitioner), runner=dict(type=LocalRunner, task=dict(type=OpenICLApiInferTask)))
work_dir = 'here/it/is'
`;

describe('a config file that holds everything', () => {
  const folder = (more = '') =>
    emptyFolder({
      'mine/whole.py': WHOLE + more,
      'mine/parts/shared.py': 'LIMIT = 5 * 4\n',
      'my_classes/quick.py': LOCAL_CLASS.replace('MyCustomModel', 'Quick'),
    });

  it('is run by its path, with its work_dir and classes of packages of one’s own', async () => {
    const cwd = folder('model_dataset_combinations = [dict(models=models, datasets=datasets)]\n');
    const { code, stdout, stderr } = await aisBench(cwd, 'mine/whole.py');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^whole +accuracy quick-0 +12\.50 8 /m);
    expect(stdout).toMatch(/quick-1/);
    expect(stderr).toContain('infer: partitioner and runner have no effect');
    expect(filesBelow(join(cwd, 'here/it/is')).length).toBeGreaterThan(3);
  });

  it('runs the pairs that it names, no others', async () => {
    const cwd = folder('model_dataset_combinations = [dict(models=models[:1], datasets=datasets)]\n');
    const { code, stdout } = await aisBench(cwd, 'mine/whole.py');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^whole +accuracy quick-0 +12\.50 8 /m);
    expect(stdout).not.toMatch(/quick-1/);
  });

  it.each([
    [
      'from x.y import Other\neval = dict(runner=dict(task=dict(type=Other)))\n',
      /eval\.runner\.task is Other/,
    ],
    ['work_dir = 5\n', /work_dir is no path/],
    ['models = []\n', /defines no list `models`/],
    ['def f(): return f()\nf()\n', /nests deeper/],
  ])('is refused where it would be run otherwise: %j', async (more, message) => {
    const { code, stderr } = await aisBench(folder(more), 'mine/whole.py');
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/where: .*mine\/whole\.py(:\d+)?/);
  });

  it('is refused beside flags that name configs, and where it is no file', async () => {
    const cwd = folder();
    const both = await aisBench(cwd, 'mine/whole.py', '--models', 'vllm_api_stream_chat');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('are both given') });
    const missing = await aisBench(cwd, 'mine/none.py');
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no config file "mine/none.py"'),
    });
    const typo = await aisBench(cwd, 'srve');
    expect(typo).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"srve" is neither a command nor a config file'),
    });
  });
});
