import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Containment, openSandbox, type Ran, type Sandbox } from './open-sandbox.ts';

const LONG = 240_000;
const hasPython = spawnSync('python3', ['-c', '']).status === 0;

/** What Python makes of a program and two asserts about its `f`. */
const TESTS = 'def check(f):\n    assert f(1) == 2\n    assert abs(f(2)) == 3\ncheck(f)\n';
const RIGHT = 'def f(x):\n    return x + 1\n';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-sandbox-test-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Python that every user may read: one in root's home is none. */
const SHARED_PYTHON = '/usr/bin/python3';
const isRoot = process.getuid?.() === 0;
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const canBeNobody =
  isRoot && spawnSync(NOBODY[0]!, [...NOBODY.slice(1), SHARED_PYTHON, '-c', '']).status === 0;

/** Where the attacks are tried: as who, and contained how. */
interface Place {
  readonly name: string;
  readonly containment: Containment;
  readonly python?: string;
  /** Whether it is tried on this machine; elsewhere its tests are skipped. */
  readonly isHere: boolean;
}

const PLACES: readonly Place[] = [
  { name: 'in namespaces', containment: 'namespaces', isHere: hasPython },
  {
    name: 'in namespaces, begun by nobody who is root',
    containment: 'namespaces',
    python: join(folder, 'nobody-python3'),
    isHere: canBeNobody,
  },
  {
    name: 'as another user',
    containment: 'user',
    python: SHARED_PYTHON,
    isHere: isRoot && existsSync(SHARED_PYTHON),
  },
];
writeScript(join(folder, 'nobody-python3'), [`exec ${NOBODY.join(' ')} ${SHARED_PYTHON} "$@"`]);

/** An interpreter that says it is itself the interpreter. */
function writeScript(path: string, lines: readonly string[]): void {
  const text = ['#!/bin/sh', 'if [ "$2" = -c ]; then echo "$0"; exit; fi', ...lines, ''].join('\n');
  writeFileSync(path, text, { mode: 0o755 });
}

describe.skipIf(!hasPython).each(PLACES)('a sandbox $name', ({ containment, python, isHere }) => {
  let box: Sandbox | undefined;
  let refusal: unknown;
  /** Everybody may read the one, and its owner the other. */
  const open = join(folder, `open-${containment}`);
  const secret = join(folder, `secret-${containment}`);

  beforeAll(async () => {
    writeFileSync(open, 'OPEN', { mode: 0o644 });
    writeFileSync(secret, 'SECRET', { mode: 0o600 });
    if (!isHere) return;
    box = await openSandbox({ python, accept: [containment] }).catch((error) => {
      refusal = error;
      return undefined;
    });
  }, LONG);

  const script = (program: string, timeoutMs = 60_000): Promise<Ran> => box!.run({ program, timeoutMs });
  const judge = (program: string, timeoutMs = 60_000): Promise<Ran> =>
    box!.run({ program, tests: TESTS, timeoutMs, memoryMb: 256 });

  it.skipIf(!isHere)('is had, or the reason is told', () => {
    if (box === undefined) expect(refusal).toMatchObject({ code: 'EVAL-SANDBOX-001' });
    else expect(box.containment).toBe(containment);
  });

  /** A test that says nothing where there is no such sandbox: the first one told why. */
  const inBox = (name: string, test: () => Promise<void>): void =>
    it(name, async (context) => (box === undefined ? context.skip() : test()), LONG);

  inBox('tells what a script printed and how it ended', async () => {
    const ran = await script('import sys\nprint("out")\nprint("err", file=sys.stderr)\nsys.exit(7)');
    expect(ran).toEqual({ outcome: 'exited', exitCode: 7, stdout: 'out\n', stderr: 'err\n', passed: false });
  });

  inBox('is passed by what is right, and tells what failed', async () => {
    const programs = [RIGHT, 'f = lambda x: 2', 'def f('];
    const [right, wrong, broken] = await Promise.all(programs.map((program) => judge(program)));
    expect(right).toMatchObject({ outcome: 'exited', exitCode: 0, passed: true });
    expect(wrong).toMatchObject({ passed: false, failure: { type: 'AssertionError' } });
    expect(broken).toMatchObject({ passed: false, failure: { type: 'SyntaxError' } });
  });

  inBox('is not passed by what only looks like it', async () => {
    const attempts = {
      'os._exit(0)': 'import os\ndef f(x): os._exit(0)',
      'os._exit(0) at once': 'import os\nos._exit(0)',
      'sys.exit()': 'import sys\ndef f(x): sys.exit(0)',
      'SystemExit caught by nobody': 'def f(x): raise SystemExit',
      'a patched AssertionError': 'import builtins\nbuiltins.AssertionError = ValueError\ndef f(x): return 0',
      'patched builtins': 'import builtins\nbuiltins.abs = lambda _: 3\ndef f(x): return 2',
      'look-alike prints':
        'import os\ndef f(x):\n    for fd in 1, 2, 4: os.write(fd, b"0" * 64)\n    os._exit(0)',
      'an early release': [
        'import sys, time',
        'def f(x):',
        '    frame = sys._getframe()',
        '    while frame:',
        '        for value in list(frame.f_locals.values()):',
        '            if type(value).__name__ == "lock" and value.locked(): value.release()',
        '        frame = frame.f_back',
        '    time.sleep(1)',
      ].join('\n'),
      'other threads': 'import sys\ndef f(x): print(sys._current_frames())',
      'all objects': 'import gc\ndef f(x): print(gc.get_objects())',
      memory: 'def f(x):\n    import ctypes',
    };
    for (const [name, program] of Object.entries(attempts)) {
      expect([name, (await judge(program)).passed]).toEqual([name, false]);
    }
  });

  inBox('keeps its nonce from frames that can be walked', async () => {
    const program = [
      'import sys',
      'def f(x):',
      '    frame, seen = sys._getframe(), []',
      '    while frame:',
      '        seen += [repr(value) for value in (*frame.f_locals.values(), *frame.f_globals.values())]',
      '        frame = frame.f_back',
      '    print(*seen)',
      '    return x + 1',
    ].join('\n');
    const ran = await judge(program);
    expect(ran.passed).toBe(true);
    expect(ran.stdout).toContain('frame');
    expect(ran.stdout).not.toMatch(/\b[0-9a-f]{64}\b/);
  });

  inBox('runs a program for its cases, each in a process of its own that leaves nothing behind', async () => {
    const program = [
      'import os, sys',
      'n = int(input())',
      'print(n, len([fd for fd in range(3, 64) if isinstance(tried(lambda: os.fstat(fd)), os.stat_result)]), flush=True)',
      'if n == 1 and os.fork() == 0:',
      '    os.setsid()',
      '    while True: pass',
      'if n == 3: 1 / 0',
    ].join('\n');
    const prelude = 'def tried(act):\n    try: return act()\n    except OSError: return None';
    const cases = ['1\n', '2\n', '3\n', '4\n'].map((input) => ({ input, most: 1000 }));
    const seen: unknown[] = [];
    await box!.runCases({ program, prelude, cases, caseMs: 60_000, memoryMb: 256 }, (ran, n) => {
      seen.push([n, ran.outcome, ran.output, ran.failure?.type]);
      return true;
    });
    // What is open beside the standard three is the pipe that it says its end on.
    expect(seen).toEqual([
      [0, 'exited', '1 1\n', undefined],
      [1, 'exited', '2 1\n', undefined],
      [2, 'failed', '3 1\n', 'ZeroDivisionError'],
    ]);
  });

  inBox('ends the cases that nobody wants to know of', async () => {
    const cases = [1, 2, 3].map((n) => ({ input: `${n}\n`, most: 1000 }));
    const seen: number[] = [];
    const program = 'while input() != "1": pass';
    await box!.runCases({ program, prelude: '', cases, caseMs: 100_000 }, (_, n) => seen.push(n) === 0);
    expect(seen).toEqual([0]);
  });

  inBox('ends endless loops and what they started', async () => {
    const loop = 'import os\nif os.fork() == 0: os.setsid()\nprint(1, flush=True)\nwhile True: pass';
    const ran = await script(loop, 4000);
    expect(ran).toMatchObject({ outcome: 'timeout', exitCode: undefined, stdout: '1\n1\n' });
  });

  inBox('survives a fork bomb', async () => {
    const bomb = [
      'import os, time',
      'while True:',
      '    try: os.fork()',
      '    except OSError as error: print(error.errno, flush=True) or time.sleep(60)',
    ].join('\n');
    const ran = await script(bomb, 5000);
    expect(ran.outcome).toBe('timeout');
    expect(ran.stdout.trim().split('\n').length).toBeLessThanOrEqual(32);
    expect(new Set(ran.stdout.trim().split('\n'))).toEqual(new Set(['11']));
  });

  inBox('limits memory, of one process and of all', async () => {
    const grow = 'hold = []\nwhile True: hold.append(bytearray(1 << 22))';
    expect(await judge(grow)).toMatchObject({ passed: false, failure: { type: 'MemoryError' } });
    const many = 'import os, time\nfor _ in range(4): os.fork()\nhold = bytearray(150 << 20)\ntime.sleep(60)';
    const ran = await box!.run({ program: many, timeoutMs: 60_000, memoryMb: 256 });
    expect(ran).toMatchObject({ outcome: 'killed', why: 'memory of all its processes' });
  });

  inBox('limits what is written, and where', async () => {
    const program = [
      'import os',
      'def tried(act):',
      '    try: return act()',
      '    except OSError as error: return error.errno',
      'acts = (lambda: open("/new", "w"), lambda: open(os.__file__, "a"))',
      'print(os.listdir("."), *(tried(act) in (13, 30) for act in acts))',
      'print(tried(lambda: [open("f") for _ in range(99)] if not open("f", "w").close() else 0))',
      'print(tried(lambda: open("f", "wb").write(b"x" * (32 << 20))))',
    ].join('\n');
    // not to be written; too many open files; a file too large
    expect((await script(program)).stdout).toBe('[] True True\n24\n27\n');
  });

  inBox('does not let the disk be filled', async () => {
    const program = [
      'import time',
      'try:',
      '    for n in range(99):',
      '        with open(f"f{n}", "wb") as file: file.write(b"x" * (1 << 22))',
      '        time.sleep(0.02)',
      'except OSError as error: print(error.errno)',
    ].join('\n');
    const ran = await script(program);
    if (containment === 'namespaces') expect(ran).toMatchObject({ outcome: 'exited', stdout: '28\n' });
    else expect(ran).toMatchObject({ outcome: 'killed', why: 'size of its folder' });
  });

  inBox('has no network', async () => {
    const program = [
      'import socket',
      'for act in (lambda: socket.socket(), lambda: socket.create_connection(("127.0.0.1", 22), 1)):',
      '    try: print(act())',
      '    except OSError as error: print(error.errno)',
    ].join('\n');
    expect((await script(program)).stdout).toBe('13\n13\n');
  });

  inBox("shows nothing of its parent's files and processes", async () => {
    const paths = [secret, open, '/etc/passwd', '/proc', '/home', process.cwd()];
    const program = [
      'import os',
      'def tried(act):',
      '    try: return act()',
      '    except OSError: return None',
      `for path in ${JSON.stringify(paths)}: print(tried(lambda: os.path.exists(path) and os.stat(path).st_mode > 0))`,
      `print(tried(lambda: open(${JSON.stringify(secret)}).read()))`,
      `for pid in 1, os.getppid(), ${process.pid}:`,
      '    print(tried(lambda: os.kill(pid, 9)), tried(lambda: open(f"/proc/{pid}/environ").read()))',
      'print("HOME" in os.environ, len(os.environ), os.getuid() != 0, os.geteuid() == os.getuid())',
    ].join('\n');
    const { stdout } = await script(program);
    const lines = stdout.trim().split('\n');
    if (containment === 'namespaces') expect(lines.slice(0, 6)).toEqual(Array(6).fill('False'));
    expect(lines.slice(6)).toEqual(['None', 'None None', 'None None', 'None None', 'True 8 True True']);
  });

  inBox('cannot become root, nor make namespaces again', async () => {
    const program = [
      'import os',
      'def tried(act):',
      '    try: act(); return True',
      '    except (OSError, AttributeError): return False',
      'print(tried(lambda: os.setuid(0)), tried(lambda: os.chroot(".")), tried(lambda: os.nice(-5)))',
      'import ctypes',
      'print(ctypes.CDLL(None).unshare(0x10000000))',
    ].join('\n');
    expect((await script(program)).stdout).toBe('False False False\n-1\n');
  });

  inBox('buries zombies, and lives through 100 MB of output', async () => {
    const program = [
      'import os',
      'for _ in range(20):',
      '    if os.fork() == 0: os._exit(0)',
      'for _ in range(100): os.write(1, b"x" * (1 << 20))',
    ].join('\n');
    const ran = await script(program, 200_000);
    expect(ran).toMatchObject({ outcome: 'exited', exitCode: 0 });
    expect(ran.stdout.length).toBe(64 * 1024);
  });
});

const canBar = spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0;

describe.skipIf(!hasPython || !canBar)('where code cannot be contained', () => {
  it(
    'it is refused, and run by who insists',
    async () => {
      // An interpreter whose processes have no right to make a namespace or to become another user.
      const real = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
      const python = join(folder, 'barred-python3');
      writeScript(python, [
        `export REAL='${real.stdout.trim()}'`,
        'exec unshare --user --map-root-user sh -c \'echo 0 > /proc/sys/user/max_user_namespaces; exec "$REAL" "$@"\' sh "$@"',
      ]);
      await expect(openSandbox({ python })).rejects.toMatchObject({
        code: 'EVAL-SANDBOX-001',
        where: expect.stringMatching(/^namespaces: .*; user: /),
      });
      const open = await openSandbox({ python, accept: ['namespaces', 'none'] });
      expect(open.containment).toBe('none');
      const ran = await open.run({ program: RIGHT, tests: TESTS, timeoutMs: 60_000 });
      expect(ran.passed).toBe(true);
    },
    LONG,
  );

  it('a missing interpreter is named', async () => {
    await expect(openSandbox({ python: '/nowhere/python3' })).rejects.toMatchObject({
      code: 'UTILS-DEPENDENCY-001',
      where: expect.stringContaining('/nowhere/python3'),
    });
  });
});
