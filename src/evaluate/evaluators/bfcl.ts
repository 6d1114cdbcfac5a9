/**
 * Function calls against those that are right, by the AST checker of the Berkeley Function-Calling Leaderboard (bfcl-eval
 * 2025.6.14, which AISBench takes). In `irrelevance` right is a reply without a call, in `relevance` one with any.
 */
import { messageOf } from '../../contract/errors.ts';
import { PyDict } from '../../python-data/value.ts';
import { checkCalls } from '../bfcl/check-call.ts';
import { decodeJson, decodePython, decodeToolCalls, type FunctionCall } from '../bfcl/decode.ts';
import { decodeForeign } from '../bfcl/decode-foreign.ts';
import { type BfclReference, readBfclReference } from '../bfcl/reference.ts';
import type { Fault, FunctionSpec, Language } from '../bfcl/types.ts';
import type { Evaluator, Extractor, Grade, PredPostprocessor, Sample } from '../types.ts';

export const bfclEvaluator: Evaluator = {
  name: 'BFCLEvaluator',
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

type Decoded = readonly FunctionCall[] | Fault;

function isFault(decoded: Decoded): decoded is Fault {
  return !Array.isArray(decoded);
}

function decode({ toolCalls, answer, rules }: Sample, isTools: boolean, language: Language): Decoded {
  let calls: FunctionCall[];
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
function callsIn(toolCalls: Sample['toolCalls'], text: string, rules: Sample['rules']): FunctionCall[] {
  if (toolCalls.length > 0) return decodeToolCalls(toolCalls);
  if (rules === 'compat') return decodeJson(text);
  if (text !== '') throw new SyntaxError('a text and no tool call');
  return [];
}

function decodeText(text: string, language: Language): FunctionCall[] {
  return language === 'python' ? decodePython(text) : decodeForeign(text, language);
}

function relevanceFault({ category }: BfclReference, decoded: Decoded): Fault | undefined {
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

export const bfclReply: PredPostprocessor = { name: 'bfcl_reply', fixed: reply, compat: reply, none: '' };
