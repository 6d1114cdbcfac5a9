// BFCL v3. The seven categories that the authors wrote (1,390 questions).
import { entry, nonLive } from './_bfcl.js';

export const bfcl_datasets = nonLive.map(entry);
