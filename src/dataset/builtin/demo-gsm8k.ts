import type { DatasetType } from '../../contract/dataset.ts';
import { DEMO_TEST, DEMO_TRAIN, type DemoProblem } from './demo-problems.ts';
import { toGsm8kRow } from './gsm8k.ts';

/** Our own problems in GSM8K's form and columns: they ship with the package, so a first run needs no download. */
export const DemoGSM8KDataset: DatasetType = {
  name: 'DemoGSM8KDataset',
  async load() {
    return { train: toRows(DEMO_TRAIN, 'train'), test: toRows(DEMO_TEST, 'test') };
  },
};

function toRows(problems: readonly DemoProblem[], split: string) {
  return problems.map((problem, index) => toGsm8kRow({ ...problem }, `demo ${split} problem ${index}`));
}
