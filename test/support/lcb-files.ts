/** Files as LiveCodeBench publishes them, with problems of our own. */
import { deflateSync } from 'node:zlib';

interface Test {
  readonly input: string;
  readonly output: string;
}

interface Problem {
  readonly id: string;
  readonly date?: string;
  readonly difficulty?: string;
  /** The code that an answer completes, and its function: absent where an answer is a script. */
  readonly starter?: readonly [code: string, call: string];
  readonly shown: readonly Test[];
  readonly hidden: readonly Test[];
}

/** A pickle of protocol 4, as Python writes it of a text of less than 2^32 bytes. */
function pickleOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from([0x80, 4, 0x58]), length, bytes, Buffer.from([0x94, 0x2e])]);
}

/** Tests as the file hides them. */
export function packedTests(tests: readonly object[]): string {
  return deflateSync(pickleOf(JSON.stringify(tests))).toString('base64');
}

export function lcbRow({
  id,
  date = '2025-01-15',
  difficulty = 'easy',
  starter,
  shown,
  hidden,
}: Problem): object {
  const testtype = starter === undefined ? 'stdin' : 'functional';
  const typed = (tests: readonly Test[]) => tests.map((test) => ({ ...test, testtype }));
  return {
    question_title: id,
    question_content: `Solve ${id}.`,
    platform: starter === undefined ? 'atcoder' : 'leetcode',
    question_id: id,
    contest_id: 'contest',
    contest_date: `${date}T00:00:00`,
    starter_code: starter?.[0] ?? '',
    difficulty,
    public_test_cases: JSON.stringify(typed(shown)),
    private_test_cases: packedTests(typed(hidden)),
    metadata: JSON.stringify(starter === undefined ? {} : { func_name: starter[1] }),
  };
}

export const DOUBLE: Problem = {
  id: 'double',
  shown: [{ input: '2\n', output: '4\n' }],
  hidden: [
    { input: '10\n', output: '20' },
    { input: '-3\n', output: '-6\n' },
  ],
};

export const PAIRS: Problem = {
  id: 'pairs',
  difficulty: 'hard',
  date: '2025-03-01',
  starter: [
    'class Solution:\n    def pairs(self, nums: List[int], k: int) -> List[List[int]]:\n        ',
    'pairs',
  ],
  shown: [{ input: '[1, 2, 3]\n3', output: '[[1, 2]]' }],
  hidden: [{ input: '[4]\n1', output: '[]' }],
};

/** A file of rows. */
export function lines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
