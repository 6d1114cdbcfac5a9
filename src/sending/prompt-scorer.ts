import { BaseAPIModel, type RequestArgs } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { Transcript } from '../contract/record.ts';
import { type PromptScore, scorePrompt } from '../evaluate/perplexity.ts';
import { MethodError } from '../transport/failure.ts';

/** Methods that a model class needs to score how well it expects a text. */
export const SCORING_METHODS = {
  service: ['getPplRequestBody', 'getPromptLogprobs'],
  local: ['getPpl'],
} as const;

/**
 * Scores how well a model expects the prompt, instead of continuing it: the same service and headers, the
 * class's own `getPplRequestBody` and `getPromptLogprobs`. The score is in the answer's details.
 */
export class PromptScorer extends BaseAPIModel {
  readonly #model: BaseAPIModel;

  constructor(model: BaseAPIModel) {
    super(model.options);
    this.#model = model;
  }

  getUrl(args?: RequestArgs): string {
    return this.#model.getUrl(args);
  }

  override headers(args?: RequestArgs): Record<string, string> {
    return this.#model.headers?.(args) ?? {};
  }

  override release(output: RequestOutput): void {
    this.#model.release?.(output);
  }

  async getRequestBody(
    input: PromptType,
    _maxOutLen: number,
    output: RequestOutput,
    args: RequestArgs,
  ): Promise<object> {
    try {
      return await this.#model.getPplRequestBody!(input, output, args);
    } catch (cause) {
      throw new MethodError('getPplRequestBody', cause);
    } finally {
      // Of a class in Python it is known by now whether it signs.
      const { signRequest } = this.#model;
      if (signRequest !== undefined) this.signRequest = (request) => signRequest.call(this.#model, request);
    }
  }

  override async parseTextResponse(data: any, output: RequestOutput): Promise<void> {
    // What the model says after the prompt is not wanted, but the server's token counts and finish reason are.
    await this.#model.parseTextResponse?.(data, output);
    const score = await this.#scoreOf(data);
    if (score === undefined) {
      output.error = 'the reply holds no log probability of a prompt token';
      return;
    }
    output.content = String(score.loss);
    output.extraDetailsData = { ...score };
  }

  async #scoreOf(data: any): Promise<PromptScore | undefined> {
    try {
      return scorePrompt(await this.#model.getPromptLogprobs!(data));
    } catch (cause) {
      throw new MethodError('getPromptLogprobs', cause);
    }
  }
}

/** The score that a `PromptScorer` found. */
export function scoreIn({ details }: Transcript): PromptScore {
  return details as unknown as PromptScore;
}
