import { defined } from '../basics/defined.ts';
import type { ConnectionPlan, DatasetPlan, ModelPlan, Plan } from '../config/plan.ts';
import { withoutCredentials } from '../contract/base-api-model.ts';
import type { ClassRef } from '../contract/class-ref.ts';
import { maskSecrets } from '../store/redact.ts';

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
export function planAsData({ models, datasets, places: _ofThisHost, ...plan }: Plan): unknown {
  return {
    ...(maskSecrets(plan) as object),
    models: models.map(modelAsData),
    datasets: datasets.map(datasetAsData),
  };
}

function datasetAsData({ datasetClass, origins, judge, ...rest }: DatasetPlan): object {
  const shown = maskSecrets(rest) as object;
  const judged = judge === undefined ? {} : { judge: modelAsData(judge.model) };
  return { ...shown, ...judged, ...classAsData(datasetClass), origins };
}

function modelAsData(model: ModelPlan): object {
  const { modelClass, methods: _ofClass, origins, fields: _ofConfig, ...values } = model;
  // Origins say where a key came from, never the key.
  const known = { ...classAsData(modelClass), origins };
  if (model.attr === 'local') return { ...(maskSecrets(values) as object), ...known };
  const { headers: _filledIn, ...options } = model.options;
  const shown = maskSecrets({ ...values, options }) as object;
  return { ...shown, connection: connectionAsData(model.connection), ...known };
}

function classAsData({ name, code }: ClassRef): object {
  return { class: name, ...defined({ code }) };
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
