// Requests of a real service, replayed: their lengths, their arrival times and the blocks of 512 tokens that they share. The texts are made
// up. Set the model config's `path` to the folder of its tokenizer.json, and `use_timestamp: true` to send at the trace's times.
//
// The trace is not shipped: put it as mooncake_trace.jsonl into $AIS_BENCH_DATASETS_CACHE/mooncake_trace/ or ./datasets/mooncake_trace/, or
// set `path` to the file.

export const mooncake_trace_datasets = [
  {
    abbr: 'mooncake_trace',
    type: 'MooncakeTraceDataset',
    path: 'ais_bench/datasets/mooncake_trace',
    random_seed: null, // a number makes the same texts again; null makes new ones, which no cache knows
    fixed_schedule_auto_offset: false, // true: the first request leaves at once
    start_offset: 0, // ms; earlier requests are left out
    end_offset: -1, // ms; later requests are left out; -1: none
    reader_cfg: { input_columns: ['question', 'max_out_len', 'timestamp'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
  },
];
