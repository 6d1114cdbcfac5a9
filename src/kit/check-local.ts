import { performance } from 'node:perf_hooks';
import type { LocalModelPlan } from '../config/plan.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { answerBatch } from '../sending/local-batch.ts';
import { closeLocal, openLocal } from '../sending/local-model.ts';
import { CHECK_BATCH, type CheckOptions } from './check-service.ts';
import { failureFinding } from './diagnose.ts';

/** What a local model made of one batch. */
export interface LocalCheck {
  readonly prompts: typeof CHECK_BATCH;
  /** Empty where the batch failed. */
  readonly texts: readonly string[];
  readonly loadMs: number;
  readonly batchMs: number;
  readonly findings: readonly Finding[];
}

/** Loads the model, answers one batch, closes it. Throws MODEL-IMPL-004 where it cannot be loaded. */
export async function checkLocal(
  plan: LocalModelPlan,
  maxOutLen: number,
  { base, signal }: CheckOptions,
): Promise<LocalCheck> {
  const clock = () => performance.now();
  const start = clock();
  const prompts = CHECK_BATCH.slice(0, plan.concurrency);
  const model = await openLocal(plan, base, signal);
  if (model === undefined) return { prompts, texts: [], loadMs: 0, batchMs: 0, findings: [] };
  const loadMs = clock() - start;
  const calls = prompts.map((prompt) => ({ prompt, maxOutLen }));
  const { started, done, answers } = await answerBatch(model, calls, { clock, signal });
  const trouble = await closeLocal(plan, model, signal);
  const findings: Finding[] = trouble === undefined ? [] : [finding('CLOSE-FAILED', { message: trouble })];
  const texts = 'kind' in answers ? [] : answers.map(({ text }) => text);
  if ('kind' in answers) findings.push(failureFinding(answers));
  else if (texts.some((text) => text === '')) findings.push(finding('EMPTY-ANSWER', {}));
  return { prompts, texts, loadMs, batchMs: done - started, findings };
}
