/** A plugin with one part of each kind: `ais_bench examples/plugin/run.yaml`. */
import { definePlugin } from 'ais-bench';
import { capitals, lastWord, nameEvaluator } from './capitals.ts';
import { PlainChat } from './plain-chat.ts';
import { selfCheck } from './self-check.ts';
import { shares } from './shares.ts';
import { waves } from './waves.ts';

export default definePlugin({
  name: 'capitals',
  models: { PlainChat },
  datasets: { CapitalsDataset: capitals },
  evaluators: { NameEvaluator: nameEvaluator },
  postprocessors: { last_word: lastWord },
  inferencers: { SelfCheckInferencer: selfCheck },
  arrivals: { waves },
  exporters: { shares },
  configs: 'configs',
});
