import { AisBenchError } from '../contract/errors.ts';
import { fileNameKey, fileNameProblem } from '../store/file-name.ts';

/** What a dataset's files are called beside its own name: `x_end.json`, `x_client.w2.json`, `x.w2.jsonl`. */
const BESIDE = /^(_groups|_end|(_client)?(\.w\d+)?)$/;

/**
 * Files are named by abbrs. Throws UTILS-CFG-002 for an abbr that can name none, and for two whose files would be the same, on any
 * file system.
 */
export function requireDistinct(abbrs: readonly string[], kind: 'models' | 'datasets'): void {
  const refuse = (what: string, cure: string) =>
    new AisBenchError('UTILS-CFG-002', what, { where: kind, cure });
  const seen = new Map<string, string>();
  for (const abbr of abbrs) {
    const problem = fileNameProblem(abbr);
    if (problem !== undefined)
      throw refuse(`the abbr "${abbr.slice(0, 40)}…" is too long: ${problem}`, 'give a shorter abbr');
    const other = seen.get(fileNameKey(abbr));
    if (other === abbr)
      throw refuse(
        `two ${kind} have the abbr "${abbr}"`,
        'give each its own abbr: result files are named by it',
      );
    if (other !== undefined) throw clash(abbr, other);
    seen.set(fileNameKey(abbr), abbr);
  }
  if (kind === 'models') return;
  for (const [key, abbr] of seen)
    for (const [short, other] of seen)
      if (key !== short && key.startsWith(short) && BESIDE.test(key.slice(short.length)))
        throw clash(abbr, other);

  function clash(abbr: string, other: string): AisBenchError {
    return refuse(
      `the ${kind} "${other}" and "${abbr}" would write into the same files`,
      'give one of them another abbr: result files are named by it, without regard to case',
    );
  }
}
