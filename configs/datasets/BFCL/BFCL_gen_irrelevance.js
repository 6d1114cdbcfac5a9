// BFCL v3, irrelevance. No function fits: right is a reply that calls none (240 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('irrelevance')];
