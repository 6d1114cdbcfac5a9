// BFCL v3, live_irrelevance. No function fits, as users of the authors’ service asked (882 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('live_irrelevance')];
