import { performance } from 'node:perf_hooks';
import type { ServiceModelPlan } from '../config/plan.ts';
import { distinctFindings, type Finding, finding, isSameFinding } from '../contract/finding.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { leavesOf } from '../sending/leaves.ts';
import { requestArgs } from '../sending/model-request.ts';
import { checkFirstRequest, openService } from '../sending/service.ts';
import { bodyOf, diagnose, parserOf } from './diagnose.ts';
import { observe, type RequestObservation } from './observe.ts';

export interface ServiceCheck {
  /** One request of each kind that the class can make: whole first, then streamed. */
  readonly observations: readonly RequestObservation[];
  readonly findings: readonly CheckFinding[];
}

/** A finding, and which of the requests it is about; absent: both, or the class. */
export interface CheckFinding extends Finding {
  readonly of?: 'text' | 'stream';
}

export interface CheckOptions {
  /** The folder that the class is looked for in. */
  readonly base: string;
  readonly signal: AbortSignal;
}

/** Sends a model's service one request in each way that its class can. Throws where no request can be built for want of a setting. */
export async function checkService(
  plan: ServiceModelPlan,
  maxOutLen: number,
  options: CheckOptions,
): Promise<ServiceCheck> {
  const observations: RequestObservation[] = [];
  const findings: CheckFinding[] = [];
  for (const stream of [false, true]) {
    const of = stream ? 'stream' : 'text';
    const parser = parserOf(stream);
    if (!plan.methods.includes(parser)) {
      findings.push({ of, ...finding('NO-PARSER', { parser: of }) });
      continue;
    }
    const observation = await requestOnce(plan, stream, maxOutLen, options);
    observations.push(observation);
    for (const one of diagnose(observation, maxOutLen, plan.chunksAreTokens)) findings.push({ of, ...one });
    // A service that cannot be reached once is not waited for again.
    if (observation.attempt.failure?.kind === 'connect') break;
  }
  const [text, stream] = observations;
  if (text !== undefined && stream !== undefined) findings.push(...compare(text, stream));
  return { observations, findings: merged(findings) };
}

/** A finding that both requests have is about both, once. */
function merged(findings: readonly CheckFinding[]): CheckFinding[] {
  return distinctFindings(findings).map((first) => {
    const { of: _of, ...one } = first as CheckFinding;
    return findings.filter((other) => isSameFinding(one, other)).length > 1 ? one : first;
  });
}

async function requestOnce(
  plan: ServiceModelPlan,
  stream: boolean,
  maxOutLen: number,
  options: CheckOptions,
): Promise<RequestObservation> {
  const clock = () => performance.now();
  const service = await openService({ ...plan, options: { ...plan.options, stream } }, { ...options, clock });
  const ref = { id: 'check', model: plan.abbr, dataset: 'check', index: 0, repetition: 0 };
  const call = { ref, prompt: CHECK_PROMPT, maxOutLen, gold: undefined };
  const { model, adapter, release } = service.pick(ref);
  try {
    // A setting that is missing has its own cure; what else the class throws is observed below.
    await checkFirstRequest(service, call);
    return await observe(
      model,
      { prompt: CHECK_PROMPT, maxOutLen, args: requestArgs(call, adapter) },
      service.wire,
    );
  } finally {
    release();
    await service.close();
  }
}

/** Whether the two ways to ask agree; both must have worked. */
function compare(text: RequestObservation, stream: RequestObservation): Finding[] {
  if (text.attempt.failure !== undefined || stream.attempt.failure !== undefined) return [];
  return [...compareAnswers(text, stream), ...compareCounts(text, stream)];
}

function compareAnswers(text: RequestObservation, stream: RequestObservation): Finding[] {
  const [whole, streamed] = [text.attempt.output.content, stream.attempt.output.content];
  if (whole === streamed) return [];
  const temperature = temperatureOf(stream);
  const answers = { text: whole, stream: streamed };
  if (temperature === 0) return [finding('ANSWERS-DIFFER', answers)];
  return [
    finding('ANSWERS-DIFFER-BY-CHANCE', {
      ...answers,
      temperature: temperature === undefined ? undefined : String(temperature),
    }),
  ];
}

function compareCounts(text: RequestObservation, stream: RequestObservation): Finding[] {
  const [whole, streamed] = [text.attempt.output.inputTokens, stream.attempt.output.inputTokens];
  if (whole === streamed || whole === undefined || streamed === undefined) return [];
  return [finding('COUNTS-DIFFER', { text: whole, stream: streamed })];
}

function temperatureOf({ request }: RequestObservation): string | number | undefined {
  const [body] = request === undefined ? [] : bodyOf(request);
  const leaves = leavesOf(body ?? null);
  return leaves.find(({ path }) => /(^|\.)temperature$/.test(path))?.value;
}

/** A dialogue, as chat datasets ask: a class has to make of it what its service takes. */
const CHECK_PROMPT: PromptType = [
  { role: 'user', content: 'What is the capital of France? Answer with one word.' },
];

/** Two prompts that are answered together. */
export const CHECK_BATCH: readonly PromptType[] = [
  CHECK_PROMPT,
  [{ role: 'user', content: 'How much is 6 times 7? Answer with the number.' }],
];
