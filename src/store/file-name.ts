/** Abbrs as the names of files and folders, on every system that a run folder may be copied to. */

/** Bytes: the 255 of common file systems, less what is put behind an abbr (`_records.w128.jsonl.part`). */
const LONGEST_NAME = 200;

/** Devices of Windows, whatever ending follows. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** Separators, what some system forbids, and what is invisible: control and format characters, halves of a character. */
const UNFIT = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** An abbr as a file name: it cannot leave its folder. Two abbrs may come to one name. */
export function fileName(abbr: string): string {
  const safe = abbr.replace(UNFIT, '_');
  return /^\.*$/.test(safe) || DEVICE.test(safe) ? `_${safe}` : safe;
}

/** Equal where some file system takes two names for one: by case, by how letters are composed, by dots at the end. */
export function fileNameKey(abbr: string): string {
  return fileName(abbr)
    .normalize('NFC')
    .toLowerCase()
    .replace(/(?<![. ])[. ]+$/, '');
}

/** Why no files can be named by this abbr, or undefined. */
export function fileNameProblem(abbr: string): string | undefined {
  const bytes = Buffer.byteLength(fileName(abbr).normalize('NFD'));
  return bytes > LONGEST_NAME
    ? `a file named by it has a name of ${bytes} bytes, and ${LONGEST_NAME} are possible`
    : undefined;
}
