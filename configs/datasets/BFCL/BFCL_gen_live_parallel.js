// BFCL v3, live_parallel. One function, several calls, as users of the authors’ service asked (16 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('live_parallel')];
