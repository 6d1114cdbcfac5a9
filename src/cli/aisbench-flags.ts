export { noticesOn as saidOf } from './args/run-flags.ts';
export type AisBenchFlags = object;
