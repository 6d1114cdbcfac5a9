// BFCL v3, java. One function of Java, one call (100 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('java')];
