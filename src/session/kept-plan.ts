import { ownCodeOf } from '../cli/class-code.ts';
import type { ConnectionPlan } from '../config/connection-plan.ts';
import type { DatasetPlan, ModelPlan, Plan } from '../config/plan.ts';
import { withoutCredentials } from '../contract/base-api-model.ts';
import { maskSecrets } from '../store/redact.ts';

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
export async function planAsData({ models, datasets, ...plan }: Plan): Promise<unknown> {
  return {
    ...(maskSecrets(plan) as object),
    models: await Promise.all(models.map(modelAsData)),
    datasets: await Promise.all(datasets.map(datasetAsData)),
  };
}

async function datasetAsData({ dataset, origins, judge, ...rest }: DatasetPlan): Promise<object> {
  const shown = maskSecrets(rest) as object;
  const judged = judge === undefined ? {} : { judge: await modelAsData(judge.model) };
  return { ...shown, ...judged, class: dataset.name, origins };
}

async function modelAsData(model: ModelPlan): Promise<object> {
  const { modelClass, origins, fields: _ofConfig, ...values } = model;
  const code = await ownCodeOf(modelClass);
  // Origins say where a key came from, never the key.
  const known = { class: modelClass.name, ...(code === undefined ? {} : { code }), origins };
  if (model.attr === 'local') return { ...(maskSecrets(values) as object), ...known };
  const { headers: _filledIn, ...options } = model.options;
  const shown = maskSecrets({ ...values, options }) as object;
  return { ...shown, connection: connectionAsData(model.connection), ...known };
}

/** As it is kept with the results: files by their path, secrets masked. */
function connectionAsData(connection: ConnectionPlan): object {
  const { servers, balance, http2, tls, proxy, adapters, headers } = connection;
  const shownProxy = (url: string) => (url === '' ? '' : withoutCredentials(url));
  return {
    servers: servers.map(withoutCredentials),
    balance,
    http2,
    tls: tls && {
      ...(maskSecrets(tls) as object),
      ca: tls.ca?.path,
      cert: tls.cert?.path,
      key: tls.key?.path,
    },
    proxy: { ...proxy, http: shownProxy(proxy.http), https: shownProxy(proxy.https) },
    adapters:
      adapters?.kind === 'rows' ? { ...adapters, names: Object.keys(adapters.names).length } : adapters,
    headers: maskSecrets(headers),
  };
}
