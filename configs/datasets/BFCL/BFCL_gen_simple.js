// BFCL v3, simple. One function, one call (400 questions; Python).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('simple')];
