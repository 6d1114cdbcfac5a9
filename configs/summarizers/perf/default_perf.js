// The performance summary: every request of the run.
export const summarizer = {
  attr: 'performance',
  type: 'DefaultPerfSummarizer',
  stats_list: ['Average', 'Min', 'Max', 'Median', 'P75', 'P90', 'P99'],
};
