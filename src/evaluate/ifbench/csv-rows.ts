/** Where a reader is: `record` and `field` at the start of one, `quote` behind what may be the last quote of a field. */
type State = 'record' | 'field' | 'bare' | 'quoted' | 'quote' | 'ended';

/**
 * The records that Python's `csv.reader` reads of a text, lines ending with LF: quotes around a field may hold line breaks, two quotes
 * are one; undefined where it raises, at a CR within a line.
 */
export function csvRows(text: string, delimiter: string): string[][] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let state = 'record' as State;
  const end = () => {
    row.push(field);
    field = '';
  };
  const close = () => {
    rows.push(row);
    row = [];
    state = 'record';
  };
  for (const line of linesOf(text)) {
    for (const character of line) {
      const isBreak = character === '\n' || character === '\r';
      if (state === 'ended') {
        if (!isBreak) return undefined;
      } else if (state === 'quoted') {
        if (character === '"') state = 'quote';
        else field += character;
      } else if (state === 'quote' && character === '"') {
        field += '"';
        state = 'quoted';
      } else if (isBreak) {
        if (state !== 'record') end();
        state = 'ended';
      } else if (character === delimiter) {
        end();
        state = 'field';
      } else if (character === '"' && (state === 'record' || state === 'field')) {
        state = 'quoted';
      } else {
        field += character;
        state = 'bare';
      }
    }
    if (state === 'field' || state === 'bare' || state === 'quote') end();
    if (state !== 'quoted') close();
  }
  if (state === 'quoted') {
    end();
    close();
  }
  return rows;
}

/** Each with its LF; a text that ends with one has none behind it. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  return [...lines.map((line) => `${line}\n`), ...(last === '' ? [] : [last])];
}
