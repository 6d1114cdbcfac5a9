import { BaseAPIModel, type NextRequest, type PromptType, type RequestOutput, toText } from 'ais-bench';

/**
 * A service that takes jobs: `POST jobs` gives an id, and `GET jobs/ID` the text so far until the job has ended. In stream mode each
 * reply is an event, so that TTFT is the time until a poll first brought text.
 */
export class JobsAPI extends BaseAPIModel {
  static override readonly extraOptions = ['poll_ms'];
  static override readonly chunksAreTokens = false;

  getUrl(): string {
    return new URL('jobs', this.baseUrl).href;
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    return { prompt: toText(input), limit: maxOutLen, ...this.options.generationKwargs };
  }

  override getNextRequest(job: any): NextRequest | undefined {
    if (job.status === 'done' || job.status === 'failed') return undefined;
    return { url: new URL(`jobs/${job.id}`, this.baseUrl).href, afterMs: Number(this.options.pollMs ?? 20) };
  }

  override parseTextResponse(job: any, output: RequestOutput): void {
    output.content = job.text ?? '';
    if (job.status === 'failed') output.error = job.reason;
    if (job.status === 'done') output.finishReason = job.reason;
    if (job.tokens !== undefined) output.outputTokens = job.tokens;
  }

  override parseStreamResponse(job: any, output: RequestOutput): void {
    this.parseTextResponse(job, output);
  }
}
