/** Whether an argument is one of the values that are right, by the rules of BFCL's AST checker. */
import { pyRepr } from '../../python-data/repr.ts';
import { isPyList, PyDict, PyTuple, type PyValue, pyEqual, pyTypeName } from '../../python-data/value.ts';
import type { Fault, TypedValue } from './types.ts';

type Values = readonly PyValue[];

/**
 * Nothing where `value` is one of `right`. Its type must be the parameter's; or that of the values that are right, where they are of
 * another one: then it is a variable, and compared as it is.
 */
export function checkValue(
  name: string,
  { value, type, itemType }: TypedValue,
  right: Values,
): Fault | undefined {
  const typed = typeFault(name, { value, type, itemType }, right);
  if (typed.fault !== undefined) return typed.fault;
  if (!typed.isVariable) {
    if (type === 'dict') return dictFault(name, value as PyDict, right);
    if (type === 'list' && itemType === 'dict') return dictsFault(name, value as Values, right);
    if (type === 'str') return textFault(name, value as string, right);
    if (type === 'list') return listFault(name, value as Values, right);
  }
  return includes(right, value) ? undefined : wrongValue('others', name, value);
}

interface Typed {
  readonly fault?: Fault;
  readonly isVariable: boolean;
}

function typeFault(name: string, { value, type, itemType }: TypedValue, right: Values): Typed {
  const given = pyTypeName(value);
  const usual = usualType(right);
  if (given === type) {
    const isVariable = usual !== undefined && usual !== type;
    if (itemType === undefined || itemsHaveType(name, value as Values, itemType, right))
      return { isVariable };
    const message = `${name}: its items are not of the type ${itemType}`;
    return { isVariable, fault: { type: 'type_error:nested', message } };
  }
  if (given === usual) return { isVariable: true };
  const message = `${name}: ${given} in place of ${type}`;
  return { isVariable: false, fault: { type: 'type_error:simple', message } };
}

/** The type of the values that are right: of the first that is no mark of an optional parameter. */
function usualType(right: Values): string | undefined {
  const first = right.find((one) => one !== '');
  return first === undefined ? undefined : pyTypeName(first);
}

/** Items fit the type, or are variables, against one of the lists that are right; against anything else that is right they fit. */
function itemsHaveType(name: string, items: Values, type: string, right: Values): boolean {
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

function includes(right: Values, value: PyValue): boolean {
  return right.some((one) => pyEqual(one, value));
}

function textFault(name: string, value: string, right: Values): Fault | undefined {
  const texts = right.filter((one) => typeof one === 'string').map(standardized);
  return texts.includes(standardized(value)) ? undefined : wrongValue('string', name, value);
}

function listFault(name: string, value: Values, right: Values): Fault | undefined {
  const lists = right.map((one) => itemsOf(one).map(standardizedIfText));
  return includes(lists, value.map(standardizedIfText)) ? undefined : wrongValue('list/tuple', name, value);
}

/** What a loop in Python would go over: the mark of an optional parameter is an empty list then. */
function itemsOf(value: PyValue): Values {
  if (typeof value === 'string') return [...value];
  if (isPyList(value)) return value;
  return value instanceof PyTuple ? value.items : [];
}

/** The fault against the last dict that could be right, where it is none of them. */
function dictFault(name: string, value: PyDict, right: Values): Fault | undefined {
  let last: Fault = { type: 'dict_checker:unclear', message: `${name}: no dict is expected` };
  for (const one of right) {
    if (!(one instanceof PyDict)) continue;
    const fault = againstDict(name, value, one);
    if (fault === undefined) return undefined;
    last = fault;
  }
  return last;
}

/** A dict that is right has a list of right values for each key; `""` among them: the key may be left out. */
function againstDict(name: string, value: PyDict, right: PyDict): Fault | undefined {
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
function dictsFault(name: string, value: Values, right: Values): Fault | undefined {
  let last: Fault = { type: 'list_dict_checker:unclear', message: `${name}: no list is expected` };
  for (const one of right.map(itemsOf)) {
    const fault = againstDicts(name, value, one);
    if (fault === undefined) return undefined;
    last = fault;
  }
  return last;
}

function againstDicts(name: string, value: Values, right: Values): Fault | undefined {
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

function wrongValue(kind: string, name: string, value: PyValue): Fault {
  return { type: `value_error:${kind}`, message: `${name}: ${pyRepr(value)} is none of the right values` };
}
