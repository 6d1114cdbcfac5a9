/**
 * Loaded with `--import`, it shifts the wall clock that a process sees by CLOCK_OFFSET_MS, and by CLOCK_STEP_MS more from a SIGUSR2 on:
 * as if somebody set the machine's clock. Monotonic clocks and timers go on as they do then.
 */
const { CLOCK_OFFSET_MS = '0', CLOCK_STEP_MS = '0' } = process.env;
const Unshifted = Date;
let offset = Number(CLOCK_OFFSET_MS);
process.on('SIGUSR2', () => {
  offset += Number(CLOCK_STEP_MS);
});

const now = () => Unshifted.now() + offset;
globalThis.Date = new Proxy(Unshifted, {
  construct: (target, args) => new target(...(args.length === 0 ? [now()] : args)),
  apply: () => new Unshifted(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
