/** A gate for CI: a load test now, compared with the one before; exit code 4 when P99 of TTFT is significantly more than 10 % up. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { compareRuns, defineConfig, parseRule, run } from 'ais-bench';

/** Holds the folder of the run to compare with; CI keeps this file from build to build. */
const BASELINE = 'baseline.txt';

const config = defineConfig({
  url: process.env['SERVICE_URL'] ?? 'http://127.0.0.1:8080',
  models: ['vllm_api_stream_chat'],
  datasets: ['demo_gsm8k_gen_4_shot_cot_chat_prompt'],
  mode: 'perf',
  batchSize: 8,
  cycle: true,
  maxCases: 64,
});

const now = await run(config);
console.log(
  `${now.validity?.verdict}: TTFT P99 ${now.tasks[0]?.latency?.['ttft']?.p99.toFixed(1)} ms, ${now.folder}`,
);
if (!existsSync(BASELINE)) {
  writeFileSync(BASELINE, now.folder);
  console.log('kept as the baseline of the next run');
} else {
  const [comparison] = await compareRuns([readFileSync(BASELINE, 'utf8'), now.folder], {
    rules: [parseRule('ttft.p99 > +10%')],
  });
  for (const { rule, outcome, why } of comparison!.rules) console.log(`${rule.text}: ${outcome} (${why})`);
  if (comparison!.rules.some(({ outcome }) => outcome === 'broken')) process.exitCode = 4;
}
