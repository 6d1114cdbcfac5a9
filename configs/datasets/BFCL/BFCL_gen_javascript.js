// BFCL v3, javascript. One function of JavaScript, one call (50 questions).
import { entry } from './_bfcl.js';

export const bfcl_datasets = [entry('javascript')];
