/** Scores four questions of our own, and reads back the samples that were answered wrong. */
import { fileURLToPath } from 'node:url';
import { type DatasetEntry, defineConfig, openRun, run } from 'ais-bench';

const capitals: DatasetEntry = {
  abbr: 'capitals',
  type: 'FileDataset',
  path: fileURLToPath(new URL('capitals.jsonl', import.meta.url)),
  reader_cfg: { input_columns: ['question'], output_column: 'answer' },
  infer_cfg: {
    prompt_template: { type: 'PromptTemplate', template: '{question} Answer with the name alone.' },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
};

const config = defineConfig({
  url: process.env['SERVICE_URL'] ?? 'http://127.0.0.1:8080',
  models: ['vllm_api_stream_chat'],
  datasets: [capitals],
  maxOutLen: 64,
});

const result = await run(config);
console.log(`accuracy: ${result.tasks[0]?.score?.['accuracy']?.value} %`);
for await (const sample of (await openRun(result.folder)).samples({ verdict: 'wrong' }))
  console.log(
    `wrong: ${JSON.stringify(sample.content.slice(0, 60))} instead of ${JSON.stringify(sample.gold)}`,
  );
