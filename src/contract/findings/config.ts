/** What a config or flag says that has no effect, or another effect than it seems to have. */
import type { FindingTable } from '../finding-entry.ts';

export const configFindings = {} as const satisfies FindingTable;
