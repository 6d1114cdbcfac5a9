/** Whether calls are those that are expected, by the rules of BFCL's AST checker. */
import { pyRepr } from '../../python-data/repr.ts';
import { isPyList, PyDict, PyTuple, type PyValue, pyEqual, pyTypeName } from '../../python-data/value.ts';
import type { DecodedCall } from './decode.ts';
import { javaValue } from './java.ts';
import {
  type BfclLanguage,
  type CallFault,
  type ExpectedCall,
  type FunctionSpec,
  jsValue,
  type ParameterSpec,
  type TypedValue,
} from './javascript.ts';
import types from './types.json' with { type: 'json' };

// Whether an argument is one of the values that are right, by the rules of BFCL's AST checker.

type RightValues = readonly PyValue[];

/**
 * Nothing where `value` is one of `right`. Its type must be the parameter's; or that of the values that are right, where they are of
 * another one: then it is a variable, and compared as it is.
 */
function checkValue(
  name: string,
  { value, type, itemType }: TypedValue,
  right: RightValues,
): CallFault | undefined {
  const typed = typeFault(name, { value, type, itemType }, right);
  if (typed.fault !== undefined) return typed.fault;
  if (!typed.isVariable) {
    if (type === 'dict') return dictFault(name, value as PyDict, right);
    if (type === 'list' && itemType === 'dict') return dictsFault(name, value as RightValues, right);
    if (type === 'str') return textFault(name, value as string, right);
    if (type === 'list') return listFault(name, value as RightValues, right);
  }
  return includes(right, value) ? undefined : wrongValue('others', name, value);
}

interface Typed {
  readonly fault?: CallFault;
  readonly isVariable: boolean;
}

function typeFault(name: string, { value, type, itemType }: TypedValue, right: RightValues): Typed {
  const given = pyTypeName(value);
  const usual = usualType(right);
  if (given === type) {
    const isVariable = usual !== undefined && usual !== type;
    if (itemType === undefined || itemsHaveType(name, value as RightValues, itemType, right))
      return { isVariable };
    const message = `${name}: its items are not of the type ${itemType}`;
    return { isVariable, fault: { type: 'type_error:nested', message } };
  }
  if (given === usual) return { isVariable: true };
  const message = `${name}: ${given} in place of ${type}`;
  return { isVariable: false, fault: { type: 'type_error:simple', message } };
}

/** The type of the values that are right: of the first that is no mark of an optional parameter. */
function usualType(right: RightValues): string | undefined {
  const first = right.find((one) => one !== '');
  return first === undefined ? undefined : pyTypeName(first);
}

/** Items fit the type, or are variables, against one of the lists that are right; against anything else that is right they fit. */
function itemsHaveType(name: string, items: RightValues, type: string, right: RightValues): boolean {
  return right.some(
    (one) =>
      !isPyList(one) || items.every((value) => typeFault(name, { value, type }, one).fault === undefined),
  );
}

/** Without blanks and `,./-_*^`, in small letters, single quotes as double ones. */
function standardized(text: string): string {
  return text
    .replace(/[ ,./\-_*^]/g, '')
    .toLowerCase()
    .replaceAll("'", '"');
}

function standardizedIfText(value: PyValue): PyValue {
  return typeof value === 'string' ? standardized(value) : value;
}

function includes(right: RightValues, value: PyValue): boolean {
  return right.some((one) => pyEqual(one, value));
}

function textFault(name: string, value: string, right: RightValues): CallFault | undefined {
  const texts = right.filter((one) => typeof one === 'string').map(standardized);
  return texts.includes(standardized(value)) ? undefined : wrongValue('string', name, value);
}

function listFault(name: string, value: RightValues, right: RightValues): CallFault | undefined {
  const lists = right.map((one) => itemsOf(one).map(standardizedIfText));
  return includes(lists, value.map(standardizedIfText)) ? undefined : wrongValue('list/tuple', name, value);
}

/** What a loop in Python would go over: the mark of an optional parameter is an empty list then. */
function itemsOf(value: PyValue): RightValues {
  if (typeof value === 'string') return [...value];
  if (isPyList(value)) return value;
  return value instanceof PyTuple ? value.items : [];
}

/** The fault against the last dict that could be right, where it is none of them. */
function dictFault(name: string, value: PyDict, right: RightValues): CallFault | undefined {
  let last: CallFault = { type: 'dict_checker:unclear', message: `${name}: no dict is expected` };
  for (const one of right) {
    if (!(one instanceof PyDict)) continue;
    const fault = againstDict(name, value, one);
    if (fault === undefined) return undefined;
    last = fault;
  }
  return last;
}

/** A dict that is right has a list of right values for each key; `""` among them: the key may be left out. */
function againstDict(name: string, value: PyDict, right: PyDict): CallFault | undefined {
  for (const [key, own] of value.entries()) {
    const values = right.get(key);
    if (values === undefined) {
      return { type: 'value_error:dict_key', message: `${name}: no key ${pyRepr(key)} is expected` };
    }
    if (!includes(itemsOf(values).map(standardizedIfText), standardizedIfText(own))) {
      return wrongValue('dict_value', `${name}[${pyRepr(key)}]`, own);
    }
  }
  for (const [key, values] of right.entries()) {
    // Of a text in place of a list `"" in text` holds in Python.
    if (value.has(key) || typeof values === 'string' || includes(itemsOf(values), '')) continue;
    return { type: 'value_error:dict_key', message: `${name}: the key ${pyRepr(key)} is missing` };
  }
  return undefined;
}

/** Dicts are compared one by one, in their order. */
function dictsFault(name: string, value: RightValues, right: RightValues): CallFault | undefined {
  let last: CallFault = { type: 'list_dict_checker:unclear', message: `${name}: no list is expected` };
  for (const one of right.map(itemsOf)) {
    const fault = againstDicts(name, value, one);
    if (fault === undefined) return undefined;
    last = fault;
  }
  return last;
}

function againstDicts(name: string, value: RightValues, right: RightValues): CallFault | undefined {
  if (value.length !== right.length) {
    const message = `${name}: ${value.length} dicts in place of ${right.length}`;
    return { type: 'value_error:list_dict_count', message };
  }
  for (const [index, one] of value.entries()) {
    const place = `${name}[${index}]`;
    if (!(one instanceof PyDict)) return wrongValue('list_dict', place, one);
    const fault = dictFault(place, one, [right[index]!]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function wrongValue(kind: string, name: string, value: PyValue): CallFault {
  return { type: `value_error:${kind}`, message: `${name}: ${pyRepr(value)} is none of the right values` };
}

/** Python's names of BFCL's types, by language. */
const TYPES: Readonly<Record<BfclLanguage, Readonly<Record<string, string>>>> = types;

/** Types of which the description names the items' type too. */
const WITH_ITEMS = ['array', 'tuple', 'Array', 'ArrayList'];

export interface BfclTask {
  /** `simple`, `multiple`, `parallel`, `live_parallel_multiple`, `java`, … */
  readonly category: string;
  readonly language: BfclLanguage;
  readonly functions: readonly FunctionSpec[];
  readonly expected: readonly ExpectedCall[];
}

/** Nothing where the calls are right; else bfcl-eval's word for what is wrong. In a parallel task their order is free. */
export function checkCalls(task: BfclTask, calls: readonly DecodedCall[]): CallFault | undefined {
  const { category, expected } = task;
  const shape = category.includes('parallel')
    ? 'parallel'
    : category.includes('multiple')
      ? 'multiple'
      : 'simple';
  if (calls.length !== (shape === 'simple' ? 1 : expected.length)) {
    const checker = shape === 'parallel' ? 'parallel_function_checker_no_order' : `${shape}_function_checker`;
    return {
      type: `${checker}:wrong_count`,
      message: `${calls.length} calls in place of ${expected.length}`,
    };
  }
  if (shape === 'parallel') return checkInAnyOrder(task, calls);
  const [call, wanted] = [calls[0]!, expected[0]!];
  // A simple task has one function, whatever it is called in the expected call.
  const spec = shape === 'simple' ? task.functions[0]! : specOf(task, wanted.name);
  return checkCall(call, wanted, spec, task.language);
}

/** Each expected call takes the first of the calls that fits and is not taken yet. */
function checkInAnyOrder(task: BfclTask, calls: readonly DecodedCall[]): CallFault | undefined {
  const left = [...calls];
  for (const wanted of task.expected) {
    const spec = specOf(task, wanted.name);
    const faults = left.map((call) => checkCall(call, wanted, spec, task.language));
    const found = faults.indexOf(undefined);
    if (found === -1) {
      const closest = faults.find((fault) => fault?.type !== WRONG_NAME) ?? faults[0];
      const message = `no call fits ${wanted.name}${closest === undefined ? '' : ` (${closest.message})`}`;
      return { type: 'parallel_function_checker_no_order:cannot_find_match', message };
    }
    left.splice(found, 1);
  }
  return undefined;
}

function specOf({ functions }: BfclTask, name: string): FunctionSpec {
  const spec = functions.find((one) => one.name === name);
  if (spec === undefined) throw new Error(`the expected function ${name} is not described`);
  return spec;
}

const WRONG_NAME = 'simple_function_checker:wrong_func_name';

function checkCall(
  { name, args }: DecodedCall,
  { values }: ExpectedCall,
  spec: FunctionSpec,
  language: BfclLanguage,
): CallFault | undefined {
  if (name !== spec.name) return { type: WRONG_NAME, message: `${name} in place of ${spec.name}` };
  const given = args as PyDict;
  const lacking = spec.required.find((one) => !given.has(one));
  if (lacking !== undefined) {
    return { type: 'simple_function_checker:missing_required', message: `${lacking} is missing` };
  }
  for (const [key, value] of given.entries()) {
    const parameter = spec.parameters.find((one) => one.name === key);
    const right = values.get(key) as readonly PyValue[] | undefined;
    if (parameter === undefined || right === undefined) {
      const message = `no parameter ${pyRepr(key)} is expected`;
      return { type: 'simple_function_checker:unexpected_param', message };
    }
    const fault = checkParameter(parameter, value, right, language);
    if (fault !== undefined) return fault;
  }
  const left = [...values.entries()].find(
    ([key, right]) => !given.has(key) && !(right as PyValue[]).includes(''),
  );
  if (left === undefined) return undefined;
  const message = `${pyRepr(left[0])} is left out and is not optional`;
  return { type: 'simple_function_checker:missing_optional', message };
}

function checkParameter(
  parameter: ParameterSpec,
  value: PyValue,
  right: readonly PyValue[],
  language: BfclLanguage,
): CallFault | undefined {
  const { name, type, items } = parameter;
  if (language !== 'python' && typeof value !== 'string') {
    const message = `${name}: ${pyTypeName(value)} in place of ${language === 'java' ? 'Java' : 'JavaScript'} in a text`;
    return { type: language === 'java' ? 'type_error:java' : 'type_error:js', message };
  }
  const names = TYPES[language];
  const typed: TypedValue = {
    value: converted(value, parameter, language),
    type: names[type] ?? type,
    itemType: WITH_ITEMS.includes(type) && items !== undefined ? names[items] : undefined,
  };
  return checkValue(name, typed, right);
}

/** What a text of Java or JavaScript stands for; of Python a tuple where one is asked as a list, an int for a float as a float. */
function converted(value: PyValue, { type, items }: ParameterSpec, language: BfclLanguage): PyValue {
  if (language === 'java') return javaValue(value as string, type, items);
  if (language === 'javascript') return jsValue(value as string, type, items);
  if (type === 'tuple' && value instanceof PyTuple) return value.items;
  return type === 'float' && typeof value === 'bigint' ? Number(value) : value;
}
