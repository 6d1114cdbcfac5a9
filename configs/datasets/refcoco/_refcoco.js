// What the configs of RefCOCO, RefCOCO+ and RefCOCOg share.

const ask =
  `Where in the picture is this: "{question}"? Give the one box around it as JSON, {"bbox": [left, top, right, bottom]}, in
thousandths of the picture's width and height.`.replace('\n', ' ');

const reader_cfg = { input_columns: ['content'], output_column: 'answer' };
const infer_cfg = {
  prompt_template: {
    type: 'MMPromptTemplate',
    template: {
      round: [
        {
          role: 'HUMAN',
          prompt_mm: {
            text: { type: 'text', text: ask },
            image: { type: 'image_url', image_url: { url: '{image}' } },
          },
        },
      ],
    },
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'GenInferencer' },
};

// coord_scale: 1 for a model that answers in shares of the picture. smart_resize_cfg, an object with factor, min_pixels and max_pixels: for one
// that answers by the picture as Qwen's models resize it.
const eval_cfg = {
  evaluator: { type: 'BBoxIoUEvaluator', iou_threshold: 0.5, coord_scale: 1000 },
  pred_postprocessor: { type: 'refcoco_bbox_postprocess' },
};

/** A dataset of each split. */
export const entries = (name, type, folder, splits) =>
  splits.map((split) => ({
    ...{ abbr: `${name}_${split}`, type, path: `ais_bench/datasets/${folder}/data`, split },
    ...{ reader_cfg, infer_cfg, eval_cfg },
  }));
