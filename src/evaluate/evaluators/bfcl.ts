/**
 * Function calls against those that are right, by the AST checker of the Berkeley Function-Calling Leaderboard (bfcl-eval
 * 2025.6.14, which AISBench takes). In `irrelevance` right is a reply without a call, in `relevance` one with any.
 */
import { Script } from 'node:vm';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { parsePyJson } from '../../python-data/json.ts';
import { isPyList, PyDict, type PyValue } from '../../python-data/value.ts';
import { type BfclTask, checkCalls } from '../bfcl/check-call.ts';
import { bracketed, type DecodedCall, decodeJson, decodePython, decodeToolCalls } from '../bfcl/decode.ts';
import { javaCall } from '../bfcl/java.ts';
import {
  type BfclLanguage,
  type CallFault,
  type ExpectedCall,
  type FunctionSpec,
  isQuoted,
} from '../bfcl/javascript.ts';
import {
  type Configurable,
  type Evaluator,
  type Extractor,
  type Grade,
  type PredPostprocessor,
  type Sample,
  sameByBothRules,
} from '../types.ts';

// Calls that a reply makes in Java or JavaScript, `[f(a=1, b="x")]`: arguments stay texts, as they are written.

/** Throws an Error where the reply is no call in that language. More than one call is none. */
function decodeForeign(reply: string, language: BfclLanguage): DecodedCall[] {
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

/** A row as it is kept beside its answer (`reference` of BFCLDataset). */
interface BfclReference {
  readonly category: string;
  /** How the model was asked: with tools, or with functions written in the prompt. */
  readonly asked?: 'tools' | 'text';
  /** Names and types of the functions, as JSON values. */
  readonly functions: readonly FunctionSpec[];
  /** The row of `possible_answer/` as it is written, for `7.0` is no `7`; absent where no call is expected, or any. */
  readonly answer?: string;
}

/** Throws RUN-DATA-001 for a gold that BFCLDataset did not make. */
function readBfclReference(gold: unknown): BfclReference & BfclTask {
  const reference = gold as BfclReference | null;
  if (typeof reference?.category !== 'string' || !Array.isArray(reference.functions)) {
    throw broken('it has no category and no functions');
  }
  const { answer } = reference;
  const language = languageOf(reference.category);
  return { ...reference, language, expected: answer === undefined ? [] : expectedCalls(answer) };
}

function languageOf(category: string): BfclLanguage {
  return category === 'java' || category === 'javascript' ? category : 'python';
}

/** The calls of a row of `possible_answer/`. Throws RUN-DATA-001. */
function expectedCalls(line: string): ExpectedCall[] {
  let row: PyValue;
  try {
    row = parsePyJson(line);
  } catch (cause) {
    throw broken(messageOf(cause));
  }
  const calls = row instanceof PyDict ? row.get('ground_truth') : undefined;
  if (!isPyList(calls)) throw broken('it has no list ground_truth');
  return calls.map((call) => {
    const [name, values] = (call instanceof PyDict ? [...call.entries()][0] : undefined) ?? [];
    if (typeof name !== 'string' || !(values instanceof PyDict)) throw broken('an expected call has no name');
    if ([...values.entries()].some(([, right]) => !isPyList(right))) {
      throw broken(`a parameter of ${name} has no list of right values`);
    }
    return { name, values };
  });
}

function broken(what: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `the reference of this answer is not one of BFCL: ${what}`, {
    where: 'gold',
    cure: 'run again with a dataset of type BFCLDataset',
  });
}

export const bfclEvaluator: Evaluator = {
  name: 'BFCLEvaluator',
  reads: 'bfcl_reply',
  grade(sample): Grade {
    const reference = readBfclReference(sample.gold);
    const isTools = (reference.asked ?? (sample.toolCalls.length > 0 ? 'tools' : 'text')) === 'tools';
    const decoded = decode(sample, isTools, reference.language);
    const fault = reference.category.includes('relevance')
      ? relevanceFault(reference, decoded)
      : isFault(decoded)
        ? decoded
        : checkCalls(isTools ? withToolNames(reference) : reference, decoded);
    return fault === undefined
      ? { credit: 1 }
      : { credit: 0, explanation: `${fault.type}: ${fault.message}` };
  },
};

/** AISBench's names of it, by what its files ask for; the reference says the category. */
export const bfclSingleTurnEvaluator = bfclAs('BFCLSingleTurnEvaluator');
export const bfclRelevanceEvaluator = bfclAs('BFCLRelevanceEvaluator');

/** Its key `category` is checked against the dataset's before anything is sent. */
function bfclAs(name: string): Configurable<Evaluator> {
  return () => ({ ...bfclEvaluator, name });
}

type Decoded = readonly DecodedCall[] | CallFault;

function isFault(decoded: Decoded): decoded is CallFault {
  return !Array.isArray(decoded);
}

function decode({ toolCalls, answer, rules }: Sample, isTools: boolean, language: BfclLanguage): Decoded {
  let calls: DecodedCall[];
  try {
    calls = isTools ? callsIn(toolCalls, answer, rules) : decodeText(answer, language);
  } catch (cause) {
    return { type: 'ast_decoder:decoder_failed', message: messageOf(cause) };
  }
  const wrong = calls.find(({ args }) => !(args instanceof PyDict));
  if (wrong === undefined) return calls;
  return {
    type: 'ast_decoder:decoder_wrong_output_format',
    message: `the arguments of ${wrong.name} are no object`,
  };
}

/** AISBench looks for JSON in the text where there is no tool call; bfcl-eval does not. */
function callsIn(toolCalls: Sample['toolCalls'], text: string, rules: Sample['rules']): DecodedCall[] {
  if (toolCalls.length > 0) return decodeToolCalls(toolCalls);
  if (rules === 'compat') return decodeJson(text);
  if (text !== '') throw new SyntaxError('a text and no tool call');
  return [];
}

function decodeText(text: string, language: BfclLanguage): DecodedCall[] {
  return language === 'python' ? decodePython(text) : decodeForeign(text, language);
}

function relevanceFault({ category }: BfclReference, decoded: Decoded): CallFault | undefined {
  const calls = isFault(decoded) ? [] : decoded;
  if (category.includes('irrelevance')) {
    if (calls.length === 0) return undefined;
    const names = calls.map(({ name }) => name).join(', ');
    return { type: 'irrelevance_error:decoder_success', message: `no function fits, and ${names} is called` };
  }
  if (calls.length > 0) return undefined;
  const message = isFault(decoded) ? decoded.message : 'there is no call';
  return { type: 'relevance_error:decoder_failed', message };
}

/** Names as tools have them: services take no points in them. */
function withToolNames(reference: ReturnType<typeof readBfclReference>): typeof reference {
  const renamed = <T extends Pick<FunctionSpec, 'name'>>(one: T): T => ({ ...one, name: toolName(one.name) });
  return {
    ...reference,
    functions: reference.functions.map(renamed),
    expected: reference.expected.map(renamed),
  };
}

function toolName(name: string): string {
  return name.replaceAll('.', '_');
}

/** The whole reply, be it empty: it may have made tool calls, and silence is right where no function fits. */
const reply: Extractor = (text) => {
  const answer = text.trim();
  const start = text.indexOf(answer);
  return { answer, rule: 'reply', span: [start, start + answer.length] };
};

export const bfclReply: PredPostprocessor = sameByBothRules('bfcl_reply', reply);
