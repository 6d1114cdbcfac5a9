/**
 * How long an accuracy run over many small datasets takes against a service that answers every request after the same time: each
 * dataset has fewer questions than there are slots, so only a run whose tasks share them holds its concurrency.
 *
 *   npm run bench:suite [-- --tasks N --cases N --batch-size N --latency MS --main FILE]
 *
 * The requests in flight are counted by the server; `--main` measures another build's `dist/cli/main.js`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '60' },
    cases: { type: 'string', default: '5' },
    'batch-size': { type: 'string', default: '32' },
    latency: { type: 'string', default: '200' },
    main: { type: 'string', default: fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)) },
  },
});
const [tasks, cases, batchSize, latency] = [
  values.tasks,
  values.cases,
  values['batch-size'],
  values.latency,
].map(Number) as [number, number, number, number];

const seen = { asked: 0, inFlight: 0, peak: 0, first: 0, last: 0 };
const delta = (part: object) => `data: ${JSON.stringify({ choices: [{ index: 0, ...part }] })}\n\n`;
const ANSWER = `${delta({ delta: { content: 'The answer is 18.' } })}${delta({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(request.url === '/v1/models' ? 200 : 404, { 'content-type': 'application/json' });
    response.end('{"data": [{"id": "fixed"}]}');
    return;
  }
  seen.first ||= performance.now();
  seen.asked += 1;
  seen.inFlight += 1;
  seen.peak = Math.max(seen.peak, seen.inFlight);
  response.once('close', () => {
    seen.inFlight -= 1;
    seen.last = performance.now();
  });
  request.resume();
  setTimeout(() => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(ANSWER), latency);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-suite-'));
const config = join(folder, 'suite.js');
writeFileSync(config, suite(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));

/** A config of one model and many datasets, each of a few demo questions. */
function suite(url: string): string {
  return `export const models = [{ attr: 'service', type: 'VLLMCustomAPIChat', abbr: 'fixed', stream: true, url: '${url}',
  max_out_len: 64, batch_size: ${batchSize} }];
export const datasets = Array.from({ length: ${tasks} }, (_, n) => ({
  abbr: 'part_' + n, type: 'DemoGSM8KDataset',
  reader_cfg: { input_columns: ['question'], output_column: 'answer', test_range: '[0:${cases}]' },
  infer_cfg: { prompt_template: { type: 'PromptTemplate', template: '{question}' },
    retriever: { type: 'ZeroRetriever' }, inferencer: { type: 'GenInferencer' } },
  eval_cfg: { evaluator: { type: 'Gsm8kEvaluator' }, pred_postprocessor: { type: 'gsm8k_postprocess' },
    dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' } } }));
`;
}

const begun = performance.now();
const run = spawn(process.execPath, [values.main, config], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let printed = '';
run.stdout.on('data', (text) => {
  printed += text;
});
run.stderr.on('data', (text) => {
  printed += text;
});
const code = await new Promise((resolve) => run.once('close', resolve));
const wall = performance.now() - begun;
server.close();
rmSync(folder, { recursive: true, force: true });
if (code !== 0) {
  console.error(printed);
  throw new Error(`the run ended with ${code}`);
}
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const least = Math.ceil((tasks * cases) / batchSize) * latency;
console.log(
  `${tasks} tasks × ${cases} cases, batch_size ${batchSize}, ${latency} ms a request; node ${process.version}`,
);
console.log(
  `whole command ${seconds(wall)}; first request to last answer ${seconds(seen.last - seen.first)}, ${seconds(least)} if every slot is always taken`,
);
console.log(
  `${seen.asked} requests, at most ${seen.peak} in flight by the server's count, ${((seen.asked * latency) / (seen.last - seen.first)).toFixed(1)} on average`,
);
