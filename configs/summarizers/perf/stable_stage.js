// AISBench's steady-state calculator, beside the report of every request.
export const summarizer = {
  attr: 'performance',
  type: 'DefaultPerfSummarizer',
  calculator: { type: 'StablePerfMetricCalculator' },
};
