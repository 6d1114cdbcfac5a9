// The accuracy summary: every dataset that was scored, in the order it was asked, and the groups of which all were.
import { summary_groups } from './groups.js';

export const summarizer = { attr: 'accuracy', type: 'DefaultSummarizer', summary_groups };
