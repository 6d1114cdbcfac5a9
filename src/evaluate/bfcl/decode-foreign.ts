/** Calls that a reply makes in Java or JavaScript, `[f(a=1, b="x")]`: arguments stay texts, as they are written. */
import { Script } from 'node:vm';
import { PyDict, type PyValue } from '../../python-data/value.ts';
import { bracketed, type FunctionCall } from './decode.ts';
import { javaCall } from './java.ts';
import { isQuoted, type Language } from './types.ts';

/** Throws an Error where the reply is no call in that language. More than one call is none. */
export function decodeForeign(reply: string, language: Language): FunctionCall[] {
  const code = bracketed(reply).slice(1, -1);
  const { name, args } = language === 'java' ? javaCall(code) : javaScriptCall(code);
  const dict = new PyDict();
  for (const [key, value] of args) {
    if (dict.has(key)) throw new SyntaxError('an argument is named twice');
    dict.set(key, value);
  }
  return [{ name, args: dict }];
}

/** A name and what was given for it; null where nothing is named. */
type Argument = readonly [name: string | null, value: PyValue];

const NAME = /^[\p{IDS}_$][\p{IDC}$]*$/u;
/** What an argument can be named: `a`, `a.b`, `a[0]`. */
const NAMED = /^([\p{IDS}_$][\p{IDC}$]*(?:\s*\.\s*[\p{IDC}$]+|\s*\[[^\]]*\])*)\s*=(?![=>])\s*/u;

/** Only its syntax is looked at: nothing of it is ever run. */
function javaScriptCall(code: string): { name: string; args: Argument[] } {
  new Script(code);
  const source = withoutComments(code).trim();
  const statement = partsOf(source, ';\n')[0] ?? '';
  const open = openingParenthesis(statement);
  const name = statement.slice(0, open).trim();
  if (
    open === -1 ||
    !/^[\p{IDS}_$]/u.test(name) ||
    /^(?:new|await|if|for|while|return|typeof)\b/.test(name)
  ) {
    throw new SyntaxError('the reply is no call');
  }
  const args = partsOf(statement.slice(open + 1, -1), ',').flatMap((part) => argumentIn(part.trim()));
  return { name, args };
}

function argumentIn(part: string): Argument[] {
  const named = NAMED.exec(part);
  if (named !== null) {
    const value = part.slice(named[0].length);
    return [[named[1]!, isQuoted(value, ['"', "'"]) ? value.slice(1, -1) : value]];
  }
  const isBare = NAME.test(part) && !['false', 'null', 'this', 'undefined'].includes(part);
  return isBare ? [[null, part]] : [];
}

/** Where the last parenthesis of a call opens; -1 where the statement does not end with one. */
function openingParenthesis(statement: string): number {
  if (!statement.endsWith(')')) return -1;
  let found = -1;
  scan(statement, (at, depth) => {
    if (statement[at] === '(' && depth === 1) found = at;
  });
  return found;
}

/** The parts between separators that stand in no brackets and no string. */
function partsOf(code: string, separators: string): string[] {
  const parts: string[] = [];
  let start = 0;
  scan(code, (at, depth) => {
    if (depth > 0 || !separators.includes(code[at]!)) return;
    parts.push(code.slice(start, at));
    start = at + 1;
  });
  return [...parts, code.slice(start)].map((part) => part.trim()).filter((part) => part !== '');
}

/** Goes over what is in no string; `depth` counts the brackets around, an opening one's own among them. */
function scan(code: string, see: (at: number, depth: number) => void): void {
  let [depth, quote] = [0, ''];
  for (let at = 0; at < code.length; at++) {
    const sign = code[at]!;
    if (quote !== '') {
      if (sign === '\\') at++;
      else if (sign === quote) quote = '';
    } else if (`"'\``.includes(sign)) quote = sign;
    else {
      if ('([{'.includes(sign)) depth++;
      see(at, depth);
      if (')]}'.includes(sign)) depth--;
    }
  }
}

function withoutComments(code: string): string {
  return code.replace(
    /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    '$1',
  );
}
