// BFCL v3, live_simple. One function, one call, as users of the authors’ service asked (258 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('live_simple')];
