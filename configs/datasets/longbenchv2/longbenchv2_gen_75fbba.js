// The same as longbenchv2_gen.
export { LongBenchv2_datasets } from './longbenchv2_gen.js';
