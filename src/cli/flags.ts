/** The command line as data: the parser, `--help` and the table in `docs/cli.md` come from here. */
import { InvalidArgumentError, Option } from 'commander';
import { MODES } from '../config/modes.ts';
import { AISBENCH_FLAGS } from './aisbench-flags.ts';
import { CONNECTION_FLAGS } from './connection-flags.ts';
import { COURSE_FLAGS } from './course-flags.ts';
import { DATA_FLAGS } from './data-flags.ts';
import type { FlagSpec } from './flag-spec.ts';
import { LOAD_FLAGS } from './load-flags.ts';
import { whole } from './parse-number.ts';
import { REPORT_FLAGS } from './report-flags.ts';
import { SERVER_METRICS_FLAGS } from './server-metrics-flags.ts';
import { REMOTE_FLAGS } from './worker-flags.ts';

export type { FlagSpec };
export { whole };

export const RUN_FLAGS: readonly FlagSpec[] = [
  { flags: '--models <names...>', meaning: 'model configs, by name or path' },
  { flags: '--datasets <names...>', meaning: 'dataset configs, by name or path' },
  { flags: '--summarizer <name>', meaning: 'summarizer config, by name or path' },
  { flags: '-m, --mode <mode>', meaning: 'what is done', fallback: 'all', choices: MODES },
  { flags: '-s, --search', meaning: 'print where every config lies, or those that are named, and stop' },
  { flags: '-w, --work-dir <dir>', meaning: 'folder of the results (default: outputs/default)' },
  {
    flags: '-r, --reuse [stamp]',
    meaning: 'continue a run in its folder: the newest, or the one of that stamp',
  },
  { flags: '--config-dir <dir>', meaning: 'folder that is searched for configs first', fallback: 'configs' },
  { flags: '--num-prompts <n>', meaning: 'only the first n rows of each dataset, or none: all', parse: rows },
  {
    flags: '--num-warmups <n>',
    meaning: 'requests before the measured ones',
    fallback: 1,
    parse: whole(0),
  },
  {
    flags: '--max-error-rate <share>',
    meaning: 'fail the command when more requests fail, e.g. 1% or 0.01',
    fallback: 0.01,
    parse: share,
  },
  { flags: '--host-ip <host>', meaning: 'host of the service, for every model' },
  { flags: '--host-port <port>', meaning: 'port of the service, for every model', parse: whole(1, 65_535) },
  ...CONNECTION_FLAGS,
  { flags: '--model <name>', meaning: 'name the service knows the model by' },
  { flags: '--max-out-len <tokens>', meaning: 'largest number of tokens to generate', parse: whole(1) },
  { flags: '--batch-size <n>', meaning: 'largest number of requests in flight', parse: whole(1, 100_000) },
  {
    flags: '--retries <n>',
    meaning: 'attempts after the first one, for every service; 0: each request is sent once',
    parse: whole(0, 1000),
  },
  ...LOAD_FLAGS,
  ...REMOTE_FLAGS,
  { flags: '--python <path>', meaning: 'Python that runs local models, for every local model' },
  { flags: '--api-key <key>', meaning: 'key of the service; never written anywhere' },
  ...DATA_FLAGS,
  ...SERVER_METRICS_FLAGS,
  {
    flags: '--set <key=value>',
    meaning:
      'a value of a model or dataset config, e.g. models.0.generation_kwargs.temperature=0 (repeatable)',
    fallback: [],
    repeatable: true,
  },
  ...REPORT_FLAGS,
  ...COURSE_FLAGS,
  ...AISBENCH_FLAGS,
];

/** A number from 1 on, or AISBench's `none`. */
function rows(text: string): number | 'none' {
  return text.toLowerCase() === 'none' ? 'none' : whole(1)(text);
}

/** `1%` or `0.01`. */
export function share(text: string): number {
  const percent = /^([\d.]+)\s*%$/.exec(text)?.[1];
  const value = percent === undefined ? Number(text) : Number(percent) / 100;
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`It is not a share: write 1% or a number 0…1.`);
}

/** The flag as commander takes it. */
export function toOption(spec: FlagSpec): Option {
  const option = new Option(spec.flags, spec.meaning);
  if (spec.fallback !== undefined) option.default(spec.fallback);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.env !== undefined) option.env(spec.env);
  if (spec.hidden) option.hideHelp();
  const { parse = (text: string) => text, repeatable } = spec;
  if (repeatable) option.argParser((text: string, before: unknown[] = []) => [...before, parse(text)]);
  else if (spec.parse !== undefined) option.argParser(parse);
  return option;
}
