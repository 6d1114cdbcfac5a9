// BFCL v3, live_multiple. Several functions, one call, as users of the authors’ service asked (1,053 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('live_multiple')];
