// The accuracy summary: every dataset that was scored, in the order it was asked.
export const summarizer = { attr: 'accuracy', type: 'DefaultSummarizer' };
