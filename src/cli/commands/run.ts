import { defined } from '../../basics/defined.ts';
import type { RunFlags } from '../../config/flags.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { evaluate } from '../evaluate.ts';
import { listConfigFiles } from './configs.ts';

/** `ais_bench --models … --datasets …` */
export async function run(typed: GivenFlags): Promise<number> {
  const { search, configDir, models, datasets, summarizer } = typed;
  if (search !== undefined) {
    const named = defined({
      models,
      datasets,
      summarizers: summarizer === undefined ? undefined : [summarizer],
    });
    return listConfigFiles(configDir, { named, text: search === true ? '' : search });
  }
  return evaluate(whatIsRun(typed));
}

/** The flags of a run that names what is run. Throws TMAN-CMD-001 where nothing is, TMAN-CMD-002 where it is named twice. */
export function whatIsRun<Flags extends GivenFlags>(typed: Flags): Omit<Flags, 'numPrompts'> & RunFlags {
  const flags = withoutNone(typed);
  if (flags.config !== undefined) return wholeConfig(flags, flags.config);
  const given = { ...flags, models: flags.models ?? [], datasets: flags.datasets ?? [] };
  for (const kind of ['models', 'datasets'] as const) {
    if (given[kind].length > 0 || (kind === 'datasets' && flags.customDatasetPath !== undefined)) continue;
    throw new AisBenchError('TMAN-CMD-001', `no ${kind} are given`, {
      where: `--${kind}`,
      cure: `name at least one, e.g. ${EXAMPLE[kind]}; ais_bench --search lists them, ais_bench demo needs none`,
    });
  }
  return given;
}

export type GivenFlags = Omit<RunFlags, 'numPrompts'> & {
  search?: string | true;
  numPrompts?: number | 'none';
};

/** `--num-prompts none` is as if it were not given. */
function withoutNone<Flags extends GivenFlags>({
  numPrompts,
  ...flags
}: Flags): Omit<Flags, 'numPrompts'> & RunFlags {
  return (numPrompts === undefined || numPrompts === 'none' ? flags : { ...flags, numPrompts }) as Omit<
    Flags,
    'numPrompts'
  > &
    RunFlags;
}

/** With a file that holds everything, nothing else may be named: AISBench would pass over it in silence. */
function wholeConfig<Flags extends RunFlags>(flags: Flags, config: string): Flags {
  if (!/\.[a-z]+$/i.test(config)) {
    throw new AisBenchError('TMAN-CMD-002', `"${config}" is neither a command nor a config file`, {
      where: 'command line',
      cure: 'ais_bench --help lists the commands; a config file ends with .py, .ts, .js, .yaml or .json',
    });
  }
  const named = {
    '--models': flags.models,
    '--datasets': flags.datasets,
    '--custom-dataset-path': flags.customDatasetPath,
    '--summarizer': flags.summarizer,
  };
  for (const [flag, value] of Object.entries(named)) {
    if (value === undefined) continue;
    throw new AisBenchError('TMAN-CMD-002', `${flag} and the config file ${config} are both given`, {
      where: flag,
      cure: `leave ${flag} out: the file says what is run; --set changes its values`,
    });
  }
  return { ...flags, models: [], datasets: [] };
}

const EXAMPLE = {
  models: '--models vllm_api_stream_chat',
  datasets: '--datasets demo_gsm8k_gen_4_shot_cot_chat_prompt',
};
