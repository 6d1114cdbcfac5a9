import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { aisBench, emptyFolder } from './support.ts';

const k8s = (...args: readonly string[]) => aisBench(emptyFolder(), 'k8s', ...args);

it('prints one YAML stream, and above it how it is used', async () => {
  const { code, stdout, stderr } = await k8s(
    ...['--image', 'a:1', '--name', 'load', '--namespace', 'bench', '--replicas', '3', '--secret', 'keys'],
    ...['--cpu', '3500m', '--nats-creds', '/creds/user', '--mount', 'secret:creds:/creds'],
    ...['--mount', 'configmap:models:/bench/configs/models', '--', '--models', 'm', '--mode', 'perf'],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^# .*\n# {3}kubectl -n bench apply -f -\n/);
  const objects = parseAllDocuments(stdout, { version: '1.1' }).map((one) => one.toJS() as any);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
    ...['ConfigMap bench/load-nats', 'Service bench/load-nats', 'StatefulSet bench/load-nats'],
    ...[
      'Job bench/load-workers',
      'PersistentVolumeClaim bench/load-coordinator',
      'Job bench/load-coordinator',
    ],
  ]);
  const [workers, coordinator] = [objects[3], objects[5]].map((one) => one.spec.template.spec.containers[0]);
  expect(workers.volumeMounts).toContainEqual({
    name: 'mount-2',
    mountPath: '/bench/configs/models',
    readOnly: true,
  });
  expect(workers.args.join(' ')).toContain('--processes 3 --nats-creds /creds/user');
  expect(workers.envFrom).toEqual([{ secretRef: { name: 'keys' } }]);
  expect(coordinator.args.join(' ')).toBe(
    '--models m --mode perf --workers load:3 --worker-wait 900 --work-dir /results --nats-creds /creds/user',
  );
});

it('says how a run is begun from here where the cluster begins none', async () => {
  const { stdout } = await k8s('--image', 'a:1', '--replicas', '3');
  expect(stdout).toContain('#   kubectl port-forward service/ais-bench-nats 4222\n');
  expect(stdout).toContain('#   ais_bench … --workers ais-bench:3 --nats nats://127.0.0.1:4222\n');
  expect(stdout).not.toContain('coordinator');
});

it.each([
  [[], 'TMAN-CMD-001', 'no image of the worker'],
  [['--image', 'a', '--nats', 'nats://me:secret@host:4222'], 'TMAN-CMD-002', '--nats secret:NAME'],
  [['--image', 'a', '--', '--api-key', 'k'], 'TMAN-CMD-002', '{env:KEY}'],
  [['--image', 'a', '--name', 'No_Name'], 'error: option', 'small letters'],
  [['--image', 'a', '--cpu', 'two'], 'error: option', '500m'],
  [['--image', 'a', '--mount', 'configmap:x'], 'error: option', 'KIND:NAME:/PATH'],
  [['--image', 'a', '--part', 'nat'], 'error: option', 'nats, workers, coordinator'],
])('refuses %j', async (args, code, words) => {
  const finished = await k8s(...args);
  expect(finished).toMatchObject({ code: 2, stdout: '' });
  expect(finished.stderr).toContain(code);
  expect(finished.stderr).toContain(words);
});
