// BFCL v3, live_parallel_multiple. Several functions, several calls, as users of the authors’ service asked (24 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('live_parallel_multiple')];
