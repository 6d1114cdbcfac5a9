// A line for each of VBench's sixteen dimensions: of the videos themselves, then of how well they show what was written. This tool neither
// makes nor rates videos: the lines say `-` but for datasets of one's own by these names.
const quality = [
  ...['subject_consistency', 'background_consistency', 'temporal_flickering', 'motion_smoothness'],
  ...['dynamic_degree', 'aesthetic_quality', 'imaging_quality'],
];
const semantic = [
  ...['object_class', 'multiple_objects', 'human_action', 'color', 'spatial_relationship', 'scene'],
  ...['appearance_style', 'temporal_style', 'overall_consistency'],
];
const abbr = (dimension) => `vbench_${dimension}`;

export const summarizer = {
  attr: 'accuracy',
  type: 'DefaultSummarizer',
  dataset_abbrs: [
    ...['--------- Quality ---------', ...quality.map(abbr)],
    ...['--------- Semantic ---------', ...semantic.map(abbr)],
  ],
  summary_groups: [
    { name: 'vbench_quality', subsets: quality.map(abbr) },
    { name: 'vbench_semantic', subsets: semantic.map(abbr) },
  ],
};
