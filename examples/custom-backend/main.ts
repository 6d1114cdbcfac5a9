/** Evaluates a service that speaks a protocol of its own, with the class beside this file. */
import { defineConfig, run } from 'ais-bench';
import { PlainGenerate } from './plain-generate.ts';

const config = defineConfig({
  url: process.env['SERVICE_URL'] ?? 'http://127.0.0.1:8080',
  models: [{ attr: 'service', type: PlainGenerate, abbr: 'plain-generate', batch_size: 4, max_out_len: 256 }],
  datasets: ['demo_gsm8k_gen_4_shot_cot_chat_prompt'],
});

const { tasks, folder } = await run(config, {
  on: (event) => {
    if (event.type === 'task-ended') console.error(`${event.result.outcome.sent} requests sent`);
  },
});
for (const { model, dataset, score, latency } of tasks) {
  const { accuracy } = score ?? {};
  console.log(`${model} × ${dataset}: ${accuracy?.value.toFixed(1)} % of ${accuracy?.n} samples are right`);
  console.log(`E2EL P99 ${latency?.['e2el']?.p99.toFixed(0)} ms; everything is in ${folder}`);
}
