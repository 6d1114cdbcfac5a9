/** Shared by TGI's `generate` and MindIE's `infer`: the form of a request, and the details of a reply. */
import type { APIModelOptions, RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { readTokenCounts } from './openai.ts';
import { asList, toFinishReason } from './reply.ts';

/** Makes `inputs` and `parameters`; requests `details`, since only they count tokens and name the finish reason. */
export function generateRequest(
  input: PromptType,
  maxOutLen: number,
  { generationKwargs }: APIModelOptions,
  args: RequestArgs | undefined,
) {
  const adapter = args?.adapter === undefined ? {} : { adapter_id: args.adapter };
  return {
    inputs: toText(input),
    parameters: { details: true, ...generationKwargs, max_new_tokens: maxOutLen, ...adapter },
  };
}

/** Reads token counts and finish reason, where the reply has them. */
export function readDetails(details: any, output: RequestOutput): void {
  // A stream counts the prompt in `input_length`; a whole reply lists it, with `decoder_input_details`.
  const inputTokens: unknown = details?.input_length ?? (asList(details?.prefill).length || undefined);
  readTokenCounts(inputTokens, details?.generated_tokens, output);
  output.finishReason = toFinishReason(details?.finish_reason) ?? output.finishReason;
}
