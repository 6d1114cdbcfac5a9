// BFCL v3, live_relevance. Right is any call at all, as users of the authors’ service asked (18 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('live_relevance')];
