// BFCL v3, parallel_multiple. Several functions, several calls, in any order (200 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('parallel_multiple')];
