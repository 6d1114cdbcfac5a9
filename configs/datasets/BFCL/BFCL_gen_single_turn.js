// BFCL v3. All thirteen categories of one turn (3,641 questions).
import { entry, live, nonLive } from './_bfcl.js';

export const bfcl_datasets = [...nonLive, ...live].map(entry);
