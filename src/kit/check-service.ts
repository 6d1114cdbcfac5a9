import { performance } from 'node:perf_hooks';
import type { ServiceModelPlan } from '../config/plan.ts';
import { distinctFindings, type Finding, finding, isSameFinding } from '../contract/finding.ts';
import { requestArgs } from '../sending/model-request.ts';
import { checkFirstRequest, openService } from '../sending/service.ts';
import { CHECK_PROMPT } from './check-prompts.ts';
import { compare } from './compare.ts';
import { diagnose, parserOf } from './diagnose.ts';
import { type Observation, observe } from './observe.ts';

export interface ServiceCheck {
  /** One request of each kind that the class can make: whole first, then streamed. */
  readonly observations: readonly Observation[];
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
  const observations: Observation[] = [];
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
    for (const one of diagnose(observation, maxOutLen)) findings.push({ of, ...one });
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
): Promise<Observation> {
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
