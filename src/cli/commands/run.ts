import type { RunFlags } from '../../config/flags.ts';
import { AisBenchError } from '../../errors.ts';
import { runEvaluation } from '../run-evaluation.ts';
import { printConfigTable } from './search.ts';

/** `ais_bench --models … --datasets …` */
export async function run(flags: RunFlags & { search?: boolean }): Promise<number> {
  if (flags.search) return printConfigTable(flags.configDir);
  const given = { ...flags, models: flags.models ?? [], datasets: flags.datasets ?? [] };
  for (const kind of ['models', 'datasets'] as const) {
    if (given[kind].length > 0 || (kind === 'datasets' && flags.customDatasetPath !== undefined)) continue;
    throw new AisBenchError('TMAN-CMD-001', `no ${kind} are given`, {
      where: `--${kind}`,
      cure: `name at least one, e.g. ${EXAMPLE[kind]}; ais_bench --search lists them, ais_bench demo needs none`,
    });
  }
  return runEvaluation(given);
}

const EXAMPLE = {
  models: '--models vllm_api_stream_chat',
  datasets: '--datasets demo_gsm8k_gen_4_shot_cot_chat_prompt',
};
