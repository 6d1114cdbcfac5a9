import type { Unpacked } from '../../../src/report/page/codec.ts';
import type { TaskPart } from '../../../src/report/page/run-page.ts';

/** One model on one dataset, as the page shows it. */
export type Task = Unpacked<TaskPart>;
