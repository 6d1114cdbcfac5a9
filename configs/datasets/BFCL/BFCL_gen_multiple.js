// BFCL v3, multiple. Several functions, one call (200 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('multiple')];
