// The groups of L-Eval: the closed tasks (leval_accuracy) and the open ones (leval_rouge, of ROUGE-1), plain means. A group is told where all
// of its tasks were scored.
import { summary_groups as shipped } from './groups.js';

const summary_groups = shipped.filter(({ name }) => name.startsWith('leval_'));

export const summarizer = { attr: 'accuracy', type: 'DefaultSummarizer', summary_groups };
