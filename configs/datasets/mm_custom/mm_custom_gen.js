// Images, video and audio of your own, from a JSON Lines file (docs/multimodal.md):
//
//   {"type": "image", "path": ["cat.png"], "question": "What is this?", "answer": "a cat"}
//
// A relative path is looked for beside that file. Answers are compared letter by letter; with --mode perf they are not needed.

export const mm_custom_datasets = [
  {
    abbr: 'mm_custom',
    type: 'MMCustomDataset',
    path: 'ais_bench/datasets/mm_custom.jsonl',
    mm_type: 'path', // the service opens the file itself; base64 puts the file into the request
    num_frames: 5, // most frames of a video that is given as a list of images
    reader_cfg: { input_columns: ['content'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'MMPromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt_mm: {
                text: { type: 'text', text: '{question}' },
                image: { type: 'image_url', image_url: { url: '{image}' } },
                video: { type: 'video_url', video_url: { url: '{video}' } },
                audio: { type: 'audio_url', audio_url: { url: '{audio}' } },
              },
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
];
