// BFCL v3. The six categories that users of the authors’ service asked (2,251 questions).
import { entry, live } from './_bfcl.js';

export const bfcl_datasets = live.map(entry);
