import { isLoadTest, type Mode } from '../config/modes.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { CallRef, Transcript } from '../contract/record.ts';
import { leastLoss, type PromptScore } from '../evaluate/perplexity.ts';
import { type LabelPrompt, labelRenderer } from '../prompt/render.ts';
import { failedTranscript, type ModelRequest, type Reference, sampleRef } from './model-request.ts';
import { SCORING_METHODS, scoreIn } from './prompt-scorer.ts';
import { makeReference } from './row-options.ts';
import type { SampleRun, Shape, ShapeOptions } from './shape.ts';

/** A request needs a limit; what is generated is not looked at. */
const MAX_OUT_LEN = 1;

interface LabelScore extends PromptScore {
  readonly label: string;
}

/**
 * `PPLInferencer`: the complete text of every label is scored, and the label whose text the model expects most is its answer.
 * Throws as the label renderer does, and where the model or the mode cannot do it.
 */
export function perplexity(setting: ShapeOptions, mode: Mode): Shape {
  requireScoring(setting, mode);
  const { model, dataset, train } = setting;
  const { infer_cfg, reader_cfg } = dataset.config;
  const { labelsOf, render } = labelRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    countRequests: (row) => requireChoice(row, labelsOf(row)),
    makeRun: ({ index, row }, repetition) => {
      const labels = render(row);
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, ['ppl', labels]);
      return choiceRun(ref, labels, makeReference(row, dataset));
    },
  };
}

/** Refuses by name what could only fail with every request. */
function requireScoring({ model, dataset }: ShapeOptions, mode: Mode): void {
  const where = `${model.abbr} × ${dataset.abbr}`;
  if (isLoadTest(mode)) {
    throw new AisBenchError('ICLI-PARAM-006', 'PPLInferencer measures no performance: --mode perf is given', {
      where,
      cure: 'run it with --mode all, or choose a dataset config with GenInferencer',
    });
  }
  const { name } = model.modelClass;
  const needed = SCORING_METHODS[model.attr];
  const lacking = needed.find((method) => !model.methods.includes(method));
  if (lacking !== undefined) {
    throw new AisBenchError('ICLI-IMPL-008', `${name} has no ${lacking}, which PPLInferencer needs`, {
      where,
      cure: `add ${needed.join(' and ')} to the class, or use another model config`,
    });
  }
  if (model.attr === 'local' || !model.options.stream) return;
  throw new AisBenchError('ICLI-PARAM-007', 'PPLInferencer streams no replies: stream is true', {
    where,
    cure: 'use a model config with stream: false, such as vllm_api_general',
  });
}

function requireChoice(row: Row, labels: readonly string[]): number {
  if (labels.length > 1) return labels.length;
  throw new AisBenchError('DSET-DATA-002', `a row leaves ${labels.length} of the labels to choose from`, {
    where: JSON.stringify(row).slice(0, 200),
    cure: 'give it a value in the columns of at least two labels; null says that a label is not there',
  });
}

/** Scores the labels one after the other; makes one transcript of them all. A failed request fails the case. */
function choiceRun(ref: CallRef, labels: readonly LabelPrompt[], reference: Reference): SampleRun {
  const calls = labels.map(
    ({ label, prompt }): ModelRequest => ({
      ref: { ...ref, label },
      prompt,
      maxOutLen: MAX_OUT_LEN,
      ...reference,
      scoresPrompt: true,
    }),
  );
  const asked = { ref, prompt: labels.map(({ prompt }) => prompt), ...reference };
  return {
    ref,
    first: calls[0]!,
    run: async (scheduled, ask, tell) => {
      const scores: LabelScore[] = [];
      let due = scheduled;
      for (const [position, call] of calls.entries()) {
        const answer = await ask(call, due);
        if (answer === undefined) return;
        const { record, transcript } = answer;
        if (record.outcome === 'failed') {
          return tell({ ...failedTranscript(asked, record.failure), ...detailsOf(scores) });
        }
        scores.push({ label: labels[position]!.label, ...scoreIn(transcript) });
        due = record.times.done;
      }
      tell(chosen(asked, scores));
    },
  };
}

function chosen(
  { ref, prompt, ...reference }: Reference & { readonly ref: CallRef; readonly prompt: unknown },
  scores: readonly LabelScore[],
): Transcript {
  return {
    call: ref,
    success: true,
    prompt,
    content: leastLoss(scores)?.label ?? '',
    reasoningContent: '',
    toolCalls: [],
    ...reference,
    ...detailsOf(scores),
  };
}

/** AISBench's `ppl_list` (§7.2); its `ppl` is our `loss`. */
function detailsOf(scores: readonly LabelScore[]): Pick<Transcript, 'details'> {
  return { details: { ppl_list: scores } };
}
