// What the TextVQA configs share.

/** An entry; `imageType`, `image_path` or `image_base64`, says whether a service is sent the URL of the file, or the file. */
export function entry(imageType, evaluator = 'TEXTEvaluator') {
  return {
    abbr: 'textvqa',
    type: 'TEXTVQADataset',
    path: 'ais_bench/datasets/textvqa/textvqa_json/textvqa_val.jsonl',
    image_type: imageType,
    reader_cfg: { input_columns: ['content'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'MMPromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt_mm: {
                text: { type: 'text', text: '{question} Answer in one word or a short phrase.' },
                image: { type: 'image_url', image_url: { url: '{image}' } },
              },
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: evaluator }, pred_postprocessor: { type: 'stated_answer' } },
  };
}
