/** Models for services that users wrote in Python, in the form of AISBench's guide. */
import { describe, expect, it } from 'vitest';
import { aisBench, type ChatServer, chatServer, DEMO, emptyFolder, json, recordsOf, SSE } from './support.ts';

/** The guide's class with its bodies filled in. */
const CLASS = `
from typing import Dict, Optional, Union
from ais_bench.benchmark.utils.prompt import PromptList
from ais_bench.benchmark.models import BaseAPIModel
from ais_bench.benchmark.models.output import RequestOutput, Output

PromptType = Union[PromptList, str]


class MyCustomAPI(BaseAPIModel):
    is_api: bool = True

    def __init__(
        self,
        path: str = "",  # 模型词表路径,用于加载模型词表
        stream: bool = False,  # 是否为流式推理
        max_out_len: int = 4096,  # 最大输出长度
        retry: int = 2,  # 请求失败重试次数
        api_key: str = "",  # API key
        host_ip: str = "localhost",  # 主机IP
        host_port: int = 8080,  # 主机端口
        url: str = "",  # 自定义URL
        trust_remote_code: bool = False,  # 是否信任远程代码
        generation_kwargs: Optional[Dict] = dict(),  # 生成参数,额外传递给endpoint的参数
        reply_language: str = "en",
    ):
        super().__init__(
            path=path,
            stream=stream,
            max_out_len=max_out_len,
            retry=retry,
            api_key=api_key,
            host_ip=host_ip,
            host_port=host_port,
            url=url,
            generation_kwargs=generation_kwargs,
        )
        self.url = self._get_url()
        self.language = reply_language
        print("made", flush=True)

    def _get_url(self):
        return f"{self.base_url}generate"

    async def get_request_body(self, input: PromptType, max_out_len: int, output: RequestOutput, **args) -> dict:
        output.input = input
        output.extra_details_data["language"] = self.language
        asked = input if isinstance(input, str) else [(item["role"], item["prompt"]) for item in input]
        return {
            "model": self._get_service_model_path(),
            "ask": asked,
            "limit": max_out_len,
            "stream": self.stream,
            **self.generation_kwargs,
        }

    async def parse_text_response(self, data: Dict, output: RequestOutput):
        output.content = data["said"]
        output.output_tokens = 5

    async def parse_stream_response(self, data: Dict, output: RequestOutput):
        output.content += data.get("piece", "")
        output.output_tokens = data.get("count", output.output_tokens)
`;

const config = (more: string) => `
models:
  - attr: service
    type: MyCustomAPI
    abbr: my_custom_api
    max_out_len: 33
    batch_size: 2
    reply_language: de
    generation_kwargs: { top_k: 1 }
    ${more}
`;

const folder = (more = '', source = CLASS) =>
  emptyFolder({
    'ais_bench/benchmark/models/api_models/my_custom_api.py': source,
    'configs/models/my_custom_api.yaml': config(more),
  });

const service = () =>
  chatServer(({ body }) => {
    if (!JSON.parse(body).stream) return json({ said: 'The answer is 144' });
    const events = [{}, { piece: 'The answer ' }, { piece: 'is 144' }, { count: 5 }];
    return { headers: SSE, body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`) };
  });

const run = (cwd: string, { url }: ChatServer, ...args: readonly string[]) =>
  aisBench(cwd, '--models', 'my_custom_api', '--datasets', DEMO, '--url', url, ...args);

describe('a model for a service in Python', () => {
  it.each([
    ['whole', 'stream: false', []],
    ['streamed', 'stream: true', []],
    ['streamed, for performance', 'stream: true', ['--mode', 'perf']],
  ])('is asked, %s', async (_how, more, args) => {
    const server = await service();
    const cwd = folder(more);
    const { code, stdout, stderr } = await run(cwd, server, ...args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    if (args.length === 0) expect(stdout).toMatch(/^demo_gsm8k accuracy my_custom_api +12\.50 8 /m);
    const [first] = server.asked;
    expect(first!.path).toBe('/generate');
    const body = JSON.parse(first!.body);
    expect(body).toMatchObject({ model: 'scripted', limit: 33, top_k: 1, stream: more === 'stream: true' });
    for (const record of recordsOf(cwd)) {
      expect(record).toMatchObject({ outcome: 'ok', outputTokens: { value: 5, source: 'server' } });
    }
  });

  it('says which event was the first token, as any class', async () => {
    const server = await service();
    const { code, stdout } = await aisBench(
      folder('stream: true'),
      'check',
      'my_custom_api',
      '--url',
      server.url,
    );
    expect(stdout).toContain('Nothing is wrong.');
    expect(code).toBe(0);
  });

  it('that raises has failed records with the traceback', async () => {
    const server = await service();
    const cwd = folder('stream: true', CLASS.replace('data.get("piece", "")', 'data["piece"]'));
    const warmUp = await run(cwd, server, '--debug');
    expect(warmUp.stderr).toContain('the warm-up request failed: parse_stream_response threw: KeyError');
    expect(warmUp.stderr).toContain('api_models/my_custom_api.py');
    const { code, stdout } = await run(cwd, server, '--num-warmups', '0');
    expect(code).toBe(1);
    expect(stdout).toMatch(/model-bug +parse_stream_response threw: KeyError/);
    for (const { failure } of recordsOf(cwd)) {
      expect(failure.bodyExcerpt).toContain('api_models/my_custom_api.py');
    }
  });

  it('whose process dies fails the request in flight, and is started anew', async () => {
    const dies = 'import os\n        if not os.path.exists("died"): os.mkdir("died"); os._exit(3)';
    const server = await service();
    const cwd = folder(
      'retry: 0',
      CLASS.replace('output.content = data', `${dies}\n        output.content = data`),
    );
    const { code } = await run(cwd, server, '--batch-size', '1', '--num-warmups', '0');
    expect(code).toBe(1);
    const failed = recordsOf(cwd).filter(({ outcome }) => outcome === 'failed');
    expect(failed).toMatchObject([
      { failure: { kind: 'model-bug', message: expect.stringContaining('exit code 3') } },
    ]);
  });

  it.each([
    [CLASS.replace('print("made", flush=True)', 'raise ValueError("no")'), 'cannot be made: ValueError: no'],
    [`import some_package_that_is_missing\n${CLASS}`, 'pip install some_package_that_is_missing'],
    [CLASS.replace('= "en",', '= "en", *, depth,'), "needs 'depth': write it in the config"],
  ])('that cannot be made ends the run at once', async (source, words) => {
    const server = await service();
    const { code, stderr } = await run(folder('', source), server);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(server.asked).toEqual([]);
  });

  it.each([
    ['stream: true', CLASS.replace('parse_stream_response', 'parse_other'), 'has no parseStreamResponse'],
    ['reply_lang: fr', CLASS, 'has no key "reply_lang"'],
  ])('with %s is refused before Python starts', async (more, source, words) => {
    const { code, stderr } = await run(folder(more, source), await service());
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
