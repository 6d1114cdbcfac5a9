/** That the objects fit together; that each is one of the Kubernetes API is tested in `test/real/kubernetes.test.ts`. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noNats } from '../../test/support/nats-server.ts';
import { type ClusterOptions, type Manifest, manifests, PARTS } from './kubernetes.ts';

const OPTIONS: ClusterOptions = {
  image: 'ais-bench:1',
  name: 'x',
  group: 'g',
  replicas: 4,
  processes: 2,
  cpu: '2',
  memory: '2Gi',
  nats: { own: { image: 'nats:2', storage: '1Gi' } },
  mounts: [],
  secrets: [],
  natsFlags: [],
  run: ['--mode', 'perf'],
  results: '1Gi',
};

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);

const anyOptions: fc.Arbitrary<ClusterOptions> = fc.record({
  image: name,
  name,
  group: name,
  replicas: fc.integer({ min: 1, max: 100 }),
  processes: fc.constantFrom('auto' as const, 3),
  cpu: fc.constant('2'),
  memory: fc.constant('2Gi'),
  nats: fc.oneof(
    fc.record({ own: fc.record({ image: name, storage: fc.constant('1Gi') }) }),
    fc.record({ url: fc.constant('nats://there:4222') }),
    fc.record({ secret: name }),
  ),
  mounts: fc.array(
    fc.record({
      kind: fc.constantFrom('configmap' as const, 'secret' as const, 'pvc' as const),
      name,
      path: name.map((one) => `/bench/${one}`),
    }),
    { maxLength: 4 },
  ),
  secrets: fc.array(name, { maxLength: 2 }),
  natsFlags: fc.constant([]),
  run: fc.array(fc.constantFrom('--mode', 'perf', '$(HOME)'), { maxLength: 4 }),
  results: fc.constant('1Gi'),
});

const specOf = ({ spec }: Manifest) => spec as any;
const podOf = (object: Manifest) => specOf(object)?.template?.spec;
const only = (objects: readonly Manifest[], kind: string, component: string): Manifest =>
  objects.find((one) => one.kind === kind && one.metadata.name.endsWith(`-${component}`))!;

describe('the objects of a deployment', () => {
  it('name what they use, whatever the options', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const objects = manifests(options);
        expect(new Set(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).size).toBe(
          objects.length,
        );
        for (const { spec } of objects as any[]) {
          if (spec?.template === undefined) continue;
          const pod = spec.template.spec;
          const volumes = [
            ...pod.volumes.map((one: any) => one.name),
            ...(spec.volumeClaimTemplates ?? []).map((one: any) => one.metadata.name),
          ];
          expect(new Set(volumes).size).toBe(volumes.length);
          for (const { volumeMounts, env = [] } of pod.containers) {
            const mounted = volumeMounts.map((one: any) => one.name);
            expect(mounted.sort()).toEqual(volumes.sort());
            expect(new Set(env.map((one: any) => one.name)).size).toBe(env.length);
          }
        }
        for (const { labels } of objects.map((one) => specOf(one)?.template?.metadata).filter(Boolean)) {
          expect(labels['app.kubernetes.io/instance']).toBe(options.name);
        }
      }),
    );
  });

  it('have a server of their own only where none is there', () => {
    const kinds = (options: ClusterOptions) =>
      manifests(options).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds(OPTIONS)).toEqual([
      ...['ConfigMap x-nats', 'Service x-nats', 'StatefulSet x-nats', 'Job x-workers'],
      ...['PersistentVolumeClaim x-coordinator', 'Job x-coordinator'],
    ]);
    expect(kinds({ ...OPTIONS, nats: { url: 'nats://there' }, run: [] })).toEqual(['Job x-workers']);
    expect(manifests(OPTIONS, ['workers'])).toHaveLength(1);
    expect(PARTS.flatMap((part) => manifests(OPTIONS, [part]))).toEqual(manifests(OPTIONS));
  });

  it('find the NATS server: by its Service, at a URL, or in a Secret', () => {
    const variable = (options: ClusterOptions) =>
      podOf(only(manifests(options), 'Job', 'workers')).containers[0].env.find(
        (one: any) => one.name === 'AIS_BENCH_NATS',
      );
    const objects = manifests({ ...OPTIONS, namespace: 'load' });
    expect(variable({ ...OPTIONS, namespace: 'load' }).value).toBe('nats://x-nats.load:4222');
    // The Service leads to the pod of the server, at the port that its configuration names.
    const service = specOf(only(objects, 'Service', 'nats'));
    const server = specOf(only(objects, 'StatefulSet', 'nats'));
    expect(server.template.metadata.labels).toEqual(service.selector);
    expect(server.selector.matchLabels).toEqual(service.selector);
    expect(server.template.spec.containers[0].ports).toContainEqual({
      name: service.ports[0].targetPort,
      containerPort: service.ports[0].port,
    });
    expect(variable({ ...OPTIONS, nats: { url: 'nats://there:1' } }).value).toBe('nats://there:1');
    expect(variable({ ...OPTIONS, nats: { secret: 's' } }).valueFrom).toEqual({
      secretKeyRef: { name: 's', key: 'AIS_BENCH_NATS' },
    });
  });

  it('has as many workers as configured, each named by its index', () => {
    const { completionMode, completions, parallelism, template } = specOf(
      only(manifests(OPTIONS), 'Job', 'workers'),
    );
    expect({ completionMode, completions, parallelism }).toEqual({
      completionMode: 'Indexed',
      completions: 4,
      parallelism: 4,
    });
    const [{ args }] = template.spec.containers;
    expect(args.join(' ')).toBe('worker --group g --name worker-$(WORKER_INDEX) --processes 2');
    expect(template.spec.containers[0].env.map((one: any) => one.name)).toContain('WORKER_INDEX');
  });

  it('run the arguments on all of them, and keep their words from Kubernetes', () => {
    const run = ['--mode', 'perf', '--set', 'models.0.path=$(HOME)'];
    const { args } = podOf(only(manifests({ ...OPTIONS, run }), 'Job', 'coordinator')).containers[0];
    expect(args.slice(0, 4)).toEqual(['--mode', 'perf', '--set', 'models.0.path=$$(HOME)']);
    expect(args.slice(4)).toEqual(['--workers', 'g:4', '--worker-wait', '900', '--work-dir', '/results']);
  });
});

describe.skipIf(noNats)(`its nats.conf${noNats === undefined ? '' : ` (${noNats})`}`, () => {
  it('is read by a nats-server', () => {
    const { data } = only(manifests(OPTIONS), 'ConfigMap', 'nats') as any;
    const folder = mkdtempSync(join(tmpdir(), 'ais-bench-nats-conf-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'nats.conf');
    const read = (text: string) => {
      writeFileSync(file, text);
      return spawnSync('nats-server', ['-t', '-c', file], { encoding: 'utf8' });
    };
    expect(read(data['nats.conf'])).toMatchObject({ status: 0 });
    expect(read(`${data['nats.conf']}\njetstreem { }`).status).not.toBe(0);
  });
});
