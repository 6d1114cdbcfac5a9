import { createHash } from 'node:crypto';
import { redactor, secretsIn } from '../store/redact.ts';
import type { DatasetPlan, ModelPlan, Plan } from './plan.ts';

/** Every value of a model's plan that may be written nowhere: what a redactor has to know. */
export function secretsOf(model: ModelPlan): string[] {
  const own = secretsIn(model.options);
  return model.attr === 'local' ? own : [...own, ...model.connection.secrets];
}

/**
 * Hashes what a run does: the same for plans that send the same requests in the same way and score them alike, on whatever host. Left out
 * are secrets, where the plan's values came from, what is said about it, and where the host keeps configs, data and results.
 */
export function planHash(plan: Plan): string {
  const {
    places: _ofTheHost,
    workDir: _ofTheResults,
    findings: _forPeople,
    models,
    datasets,
    ...rest
  } = plan;
  const judges = datasets.flatMap(({ judge }) => (judge === undefined ? [] : [judge.model]));
  const redact = redactor([...models, ...judges].flatMap(secretsOf));
  const done = { ...rest, models: models.map(hashedModel), datasets: datasets.map(hashedDataset) };
  return createHash('sha256')
    .update(redact(JSON.stringify(done)))
    .digest('hex');
}

function hashedModel({ origins: _origins, fields: _fields, ...model }: ModelPlan): object {
  if (model.attr === 'local') return model;
  // Headers as they are written; the filled-in ones may hold secrets. A certificate or key is known by its file.
  const { apiKey: _secret, headers: _filledIn, ...options } = model.options;
  const { secrets: _secrets, tls, ...connection } = model.connection;
  const { passphrase: _passphrase, ca, cert, key, ...secured } = tls ?? {};
  const files = [ca, cert, key].map((file) => file?.path);
  return { ...model, options, connection: { ...connection, tls: tls && { ...secured, files } } };
}

function hashedDataset({ origins: _origins, judge, ...dataset }: DatasetPlan): object {
  if (judge === undefined) return dataset;
  // A judge's model is among the config's fields as it was written, key and all.
  const { judge_infer_cfg: _written, ...config } = dataset.config;
  const judged = { ...judge, model: hashedModel(judge.model), dataset: hashedDataset(judge.dataset) };
  return { ...dataset, config, judge: judged };
}
