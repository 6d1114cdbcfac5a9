/**
 * What `ais_bench k8s` prints, against the published schemas of the Kubernetes API. They are strict: a field that the API does not
 * know is an error.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { aisBench, emptyFolder } from '../e2e/support.ts';
import { install, REAL_HOME } from './server.ts';

/** The oldest, one between and the newest that kubernetes-validate 1.37.0 has strictly. */
const VERSIONS = ['1.25', '1.31', '1.37'];

const RUN = [
  '--',
  '--models',
  'vllm_api_stream_chat',
  '--datasets',
  'synthetic_gen_string',
  '--mode',
  'perf',
];

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'workers and NATS': ['--image', 'registry.example/ais-bench:1'],
  everything: [
    ...[
      '--image',
      'registry.example/ais-bench:1',
      '--name',
      'big-load',
      '--namespace',
      'load',
      '--group',
      'g',
    ],
    ...['--replicas', '32', '--processes', '4', '--cpu', '3500m', '--memory', '1.5Gi', '--storage', '100Gi'],
    ...['--storage-class', 'fast', '--results', '1Ti', '--nats-image', 'nats:2.10', '--secret', 'keys'],
    ...['--mount', 'configmap:models:/bench/configs/models', '--mount', 'pvc:data:/bench/datasets'],
    ...['--mount', 'secret:nats-creds:/creds', ...RUN],
  ],
  'a NATS server that is there': ['--image', 'a', '--nats', 'tls://nats.example:4222', ...RUN],
  'one that a Secret names': ['--image', 'a', '--nats', 'secret:nats', ...RUN],
};

beforeAll(() => install('kubernetes'));

function validate(file: string, version: string): string {
  const program = join(REAL_HOME, 'kubernetes/bin/kubernetes-validate');
  const { status, stdout, stderr } = spawnSync(program, ['--strict', '--quiet', '-k', version, file], {
    encoding: 'utf8',
  });
  return `${status}: ${stdout}${stderr}`.trim();
}

it.each(Object.entries(COMMANDS))('prints %s as the API has it', async (_, args) => {
  const folder = emptyFolder();
  const { code, stdout, stderr } = await aisBench(folder, 'k8s', ...args);
  expect(code, stderr).toBe(0);
  const file = join(folder, 'cluster.yaml');
  writeFileSync(file, stdout);
  for (const version of VERSIONS) expect([version, validate(file, version)]).toEqual([version, '0:']);
});

it('would be told of a field that the API does not have', async () => {
  const folder = emptyFolder();
  const { stdout } = await aisBench(folder, 'k8s', '--image', 'a');
  const file = join(folder, 'cluster.yaml');
  writeFileSync(file, stdout.replace('completionMode', 'completionMood'));
  expect(validate(file, '1.37')).toMatch(/^1: .*'completionMood' was unexpected/s);
});
