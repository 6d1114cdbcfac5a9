/** What a config, a flag or the data says that has no effect, or another effect than it seems to have. */
import { type FindingTable, NOTHING_TO_DO } from '../finding-entry.ts';

const SERVICE_FIELDS = 'config.md#what-some-of-them-mean-exactly';
const WHOLE_FILE = 'config.md#one-file-for-everything';
const JUDGES = 'config.md#judge-models';
const AISBENCH_FIELDS = 'load.md#aisbenchs-fields';

export const configFindings = {
  'OLD-CLASS-NAME': {
    level: 'fact',
    docs: 'models.md#model-classes',
    params: { given: 'text', present: 'text', stream: 'text' },
    en: '{given} is an old name: {present} with stream: {stream} is used',
    zh: '{given} 是旧名称：改用 {present}，stream: {stream}',
    cure: {
      en: 'write type: {present} and stream: {stream}',
      zh: '改写为 type: {present} 与 stream: {stream}',
    },
  },
  'SECTION-UNUSED': {
    level: 'degraded',
    docs: WHOLE_FILE,
    params: { section: 'text' },
    en: '{section} has no effect in this version',
    zh: '{section} 在此版本中不起作用',
    cure: { en: 'take {section} out of the config', zh: '从配置中删去 {section}' },
  },
  'TASKS-IN-TURN': {
    level: 'fact',
    docs: WHOLE_FILE,
    params: { section: 'text' },
    en: '{section}: partitioner and runner have no effect: tasks run one after the other',
    zh: '{section}：partitioner 与 runner 不起作用：任务依次运行',
    cure: NOTHING_TO_DO,
  },
  'RATE-NOT-PACED': {
    level: 'degraded',
    docs: AISBENCH_FIELDS,
    params: { rate: 'text' },
    en: 'request_rate {rate} is below 0.1, so requests are not paced, as in AISBench; with --arrival constant or poisson they are',
    zh: 'request_rate {rate} 低于 0.1，因此与 AISBench 一样不控制请求节奏；使用 --arrival constant 或 poisson 则会控制',
    cure: { en: 'give --arrival constant or poisson', zh: '使用 --arrival constant 或 poisson' },
  },
  'RAMP-FALLS': {
    level: 'degraded',
    docs: AISBENCH_FIELDS,
    params: { from: 'text', to: 'text' },
    en: 'the ramp from {from} to {to} falls, so there is none',
    zh: '从 {from} 到 {to} 的速率是下降的，因此不做爬坡',
    cure: {
      en: 'let the rate rise, or give falling rates with --steps',
      zh: '让速率上升，或用 --steps 给出下降的速率',
    },
  },
  'BURSTINESS-WITHOUT-RATE': {
    level: 'degraded',
    docs: AISBENCH_FIELDS,
    params: { burstiness: 'text' },
    en: 'burstiness {burstiness} has no effect: there is no rate',
    zh: 'burstiness {burstiness} 不起作用：没有速率',
    cure: { en: 'give a rate (--request-rate)', zh: '给出速率（--request-rate）' },
  },
  'BURSTINESS-UNUSED': {
    level: 'degraded',
    docs: AISBENCH_FIELDS,
    params: { burstiness: 'text', arrival: 'text' },
    en: 'burstiness {burstiness} has no effect on {arrival} arrivals',
    zh: 'burstiness {burstiness} 对 {arrival} 到达方式不起作用',
    cure: { en: 'use --arrival gamma, or leave it out', zh: '使用 --arrival gamma，或去掉它' },
  },
  'LIMIT-UNUSED': {
    level: 'degraded',
    docs: SERVICE_FIELDS,
    params: { key: 'text' },
    en: 'generation_kwargs.{key} has no effect: max_out_len sets the limit',
    zh: 'generation_kwargs.{key} 不起作用：上限由 max_out_len 决定',
    cure: { en: 'set max_out_len', zh: '设置 max_out_len' },
  },
  'MODEL-UNUSED': {
    level: 'degraded',
    docs: SERVICE_FIELDS,
    en: 'generation_kwargs.model has no effect: write it as model',
    zh: 'generation_kwargs.model 不起作用：请写成 model',
    cure: { en: 'set model of the model config', zh: '设置模型配置的 model' },
  },
  'SEVERAL-CHOICES': {
    level: 'degraded',
    docs: SERVICE_FIELDS,
    params: { n: 'text' },
    en: 'generation_kwargs.n is {n}: the first answer of a reply is read, and the tokens of all are counted; num_return_sequences asks each question several times',
    zh: 'generation_kwargs.n 为 {n}：只读取响应中的第一个回答，而 token 按全部回答计数；num_return_sequences 会把每个问题请求多次',
    cure: {
      en: 'use num_return_sequences in place of n',
      zh: '用 num_return_sequences 代替 n',
    },
  },
  'POSTPROCESSOR-UNUSED': {
    level: 'degraded',
    docs: 'config.md#fields-of-a-service-model',
    en: 'pred_postprocessor has no effect in this version',
    zh: 'pred_postprocessor 在此版本中不起作用',
    cure: {
      en: "write it into the dataset's eval_cfg",
      zh: '写入数据集的 eval_cfg',
    },
  },
  'REMOTE-CODE': {
    level: 'fact',
    docs: 'config.md#fields-of-a-local-model',
    params: { key: 'text', path: 'text' },
    en: '{key}.trust_remote_code is on: code that lies at {path} runs here, with your rights',
    zh: '{key}.trust_remote_code 已开启：{path} 处的代码会在本机以你的权限运行',
    cure: {
      en: 'trust the code at {path}, or turn trust_remote_code off',
      zh: '确认信任 {path} 处的代码，否则关闭 trust_remote_code',
    },
  },
  'REPEATS-UNUSED': {
    level: 'degraded',
    docs: 'config.md#fields-of-a-dataset',
    params: { n: 'count', model: 'text', repetitions: 'count' },
    en: 'n {n} has no effect on {model}, whose num_return_sequences is {repetitions}',
    zh: 'n {n} 对 {model} 不起作用，其 num_return_sequences 为 {repetitions}',
    cure: { en: 'set one of the two', zh: '两者只设置一个' },
  },
  'JUDGE-MISSING': {
    level: 'degraded',
    docs: JUDGES,
    en: 'judge_infer_cfg names no judge_model: answers are scored by a match of texts',
    zh: 'judge_infer_cfg 没有指定 judge_model：回答按文本匹配评分',
    cure: { en: 'name a judge_model', zh: '指定 judge_model' },
  },
  'JUDGE-REPEATS-UNUSED': {
    level: 'degraded',
    docs: JUDGES,
    en: 'num_return_sequences of the judge has no effect: it is asked once',
    zh: '评判模型的 num_return_sequences 不起作用：只请求它一次',
    cure: { en: 'leave it out', zh: '去掉它' },
  },
  'LENGTH-NOT-FIXED': {
    level: 'degraded',
    docs: 'datasets.md#answers-of-an-exact-length',
    params: { class: 'text' },
    en: '{class} cannot ask for answers of an exact length: they may end before max_out_len',
    zh: '{class} 无法要求固定长度的回答：回答可能在 max_out_len 之前结束',
    cure: {
      en: 'use a model class with fixesLength, such as VLLMCustomAPIChat',
      zh: '使用支持 fixesLength 的模型类，例如 VLLMCustomAPIChat',
    },
  },
  'TIMESTAMPS-UNUSED': {
    level: 'degraded',
    docs: 'load.md#arrivals',
    en: 'the data has timestamps, and they are not used (use_timestamp: true sends at them)',
    zh: '数据带有时间戳，但没有使用（use_timestamp: true 时按时间戳发送）',
    cure: { en: 'set use_timestamp: true to send at them', zh: '设置 use_timestamp: true 以按时间戳发送' },
  },
  'STEPS-EXCEED-DATA': {
    level: 'degraded',
    docs: 'load.md#how-long',
    params: { wanted: 'count', cases: 'count' },
    en: 'the steps ask for {wanted?# case|# cases} and there are {cases}; --cycle asks them again',
    zh: '各阶段需要 {wanted} 个用例，而只有 {cases} 个；--cycle 会重复使用',
    cure: { en: 'give --cycle, or data with more rows', zh: '使用 --cycle，或换用更多数据' },
  },
} as const satisfies FindingTable;
