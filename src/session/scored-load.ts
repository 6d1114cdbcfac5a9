/** A load test whose answers are scored (`--mode all+perf`): its requests beside its verdicts. */
import { hasStep, isLoadTest, isScoredLoad } from '../config/modes.ts';
import type { LoadConfig, ModelPlan, Plan } from '../config/plan.ts';
import { scoreUnderLoad } from '../evaluate/under-load.ts';
import { commonValue } from '../metrics/by-id.ts';
import type { KeyedRequests } from '../metrics/keyed-requests.ts';
import type { Summary } from '../metrics/types.ts';
import type { StoredScore } from './stored-score.ts';

/** What of a stored plan says how the load was. */
interface StoredLoad {
  readonly mode: unknown;
  readonly load: LoadConfig;
  readonly models: readonly Pick<ModelPlan, 'abbr' | 'arrival' | 'concurrency' | 'repetitions'>[];
}

/** A mode that sends nothing reports a scored load test under the load that it had, whatever the plan says of the load now. */
export function underEarlierLoad(plan: Plan, before: readonly unknown[] = []): Plan {
  const stored = before.find((one) => (one as StoredLoad | null)?.mode === 'all+perf') as
    | StoredLoad
    | undefined;
  if (stored === undefined || hasStep(plan.mode, 'ask') || hasStep(plan.mode, 'judge')) return plan;
  const models = plan.models.map((model) => {
    const was = stored.models.find(({ abbr }) => abbr === model.abbr);
    if (was === undefined) return model;
    const { arrival, concurrency, repetitions } = was;
    return { ...model, arrival, concurrency, repetitions };
  });
  return { ...plan, models, load: stored.load, ofScoredLoad: true };
}

/** Whether the run is a load test whose answers are scored. */
export function hasScoredLoad({ mode, ofScoredLoad }: Plan): boolean {
  return isScoredLoad(mode) || ofScoredLoad === true;
}

/** Whether the run is a load test, whatever is made of it now. */
export function wasLoadTest({ mode, ofScoredLoad }: Plan): boolean {
  return isLoadTest(mode) || ofScoredLoad === true;
}

/** The score with what it was worth under load; `requests` are those of the same records as the summary. */
export function withLoad<T extends StoredScore>(score: T, requests: KeyedRequests, summary: Summary): T {
  const { steady, goodput } = summary;
  const duration = commonValue(summary, 'duration');
  const underLoad = scoreUnderLoad(score.judged, {
    requests: requests.byKey(goodput?.slos),
    duration,
    ...(steady.steady && steady.window !== undefined ? { steady: steady.window } : {}),
    ...(goodput === undefined ? {} : { slos: goodput.slos }),
  });
  return { ...score, report: { ...score.report, underLoad } };
}
