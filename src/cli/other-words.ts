/** Flags that other tools have, by what they are called here: a hint where one of them is typed. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  '--rate': '--request-rate',
  '--qps': '--request-rate',
  '--concurrency': '--batch-size',
  '--max-concurrency': '--batch-size',
  '--parallel': '--batch-size',
  '--num-concurrent': '--batch-size',
  '--num-requests': '--num-prompts',
  '--request-count': '--num-prompts',
  '--limit': '--num-prompts',
  '--number': '--num-prompts',
  '--warmup': '--num-warmups',
  '--max-tokens': '--max-out-len',
  '--output-len': '--max-out-len',
  '--base-url': '--url',
  '--endpoint': '--url',
  '--host': '--host-ip',
  '--port': '--host-port',
  '--timeout': '--timeout-total',
  '--retry': '--retries',
  '--slo': '--goodput',
  '--resume': '--reuse',
  '--output-dir': '--work-dir',
  '--duration-seconds': '--duration',
  '--max-seconds': '--duration',
};

/** Flags that this tool had up to 7e3bceb, by their names now; of several names the one that the command has. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  '--load-workers': ['--workers'],
  '--agents': ['--workers', '--replicas'],
  '--agent-silence': ['--worker-silence'],
  '--agent-wait': ['--worker-wait'],
  '--workers': ['--processes'],
};

/** Returns what commander says of an unknown flag, with the name that the flag has here or now. */
export function withOurWord(said: string, known: readonly string[]): string {
  const flag = /unknown option '(--[\w-]+)/.exec(said)?.[1] ?? '';
  const now = (Object.hasOwn(RENAMED, flag) ? RENAMED[flag]! : []).find((name) => known.includes(name));
  if (now !== undefined) return `${said.split('\n')[0]}\n(It is now called ${now}.)\n`;
  const ours = Object.hasOwn(OTHER_WORDS, flag) ? OTHER_WORDS[flag] : undefined;
  if (ours === undefined || !known.includes(ours)) return said;
  return `${said.split('\n')[0]}\n(Here it is ${ours}.)\n`;
}
