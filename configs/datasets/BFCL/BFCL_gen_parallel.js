// BFCL v3, parallel. One function, several calls, in any order (200 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('parallel')];
