/** The functions that a row of BFCL describes: for a prompt, for a service and for checking. */
import { isPyList, PyDict, type PyValue } from '../../python-data/value.ts';
import { badRow } from '../read.ts';

const SYNTAX: Readonly<Record<string, string>> = {
  python: 'Python 3',
  java: 'Java 8',
  javascript: 'JavaScript',
};

/**
 * The descriptions as a model is to see them: with the language whose syntax they are in; for Java and JavaScript every argument
 * is a text that holds the literal, and the type goes into the words.
 */
export function described(functions: readonly PyValue[], language: string): PyValue[] {
  return functions.map((one) => {
    const description = `${textIn(one, 'description')} (Written in ${SYNTAX[language]} syntax.)`;
    const told = withEntry(one, 'description', description);
    if (language === 'python') return told;
    const parameters = fieldOf(one, 'parameters')!;
    const texts = new PyDict(
      entriesOf(fieldOf(parameters, 'properties')).map(
        ([name, value]) => [name, asText(value, SYNTAX[language]!)] as const,
      ),
    );
    return withEntry(told, 'parameters', withEntry(parameters, 'properties', texts));
  });
}

/** A parameter whose argument is a text. */
function asText(parameter: PyValue, syntax: string): PyValue {
  const [type, items] = [textIn(parameter, 'type'), fieldOf(parameter, 'items')];
  const fields = fieldOf(parameter, 'properties');
  const what = type === 'any' ? `any ${syntax} value` : `a ${syntax} value of the type ${type}`;
  const of = items === undefined ? '' : ` with items of the type ${textIn(items, 'type')}`;
  const shape = fields === undefined ? '' : ` with the entries ${JSON.stringify(plainOf(fields))}`;
  const description = `${textIn(parameter, 'description')} Give a string that holds ${what}${of}${shape}.`;
  const kept = entriesOf(parameter).filter(([key]) => key !== 'items' && key !== 'properties');
  return withEntry(withEntry(new PyDict(kept), 'description', description), 'type', 'string');
}

/** JSON Schema's names of BFCL's types; any other is a string. */
const SCHEMA_TYPES: Readonly<Record<string, string>> = {
  integer: 'integer',
  number: 'number',
  float: 'number',
  boolean: 'boolean',
  array: 'array',
  tuple: 'array',
  list: 'array',
  dict: 'object',
  object: 'object',
};

/** Functions in OpenAI's form; a point in a name becomes `_`, for services take none. */
export function toolsOf(functions: readonly PyValue[]): unknown[] {
  return functions.map((one) => {
    const { name, parameters, ...rest } = plainOf(one) as Record<string, unknown>;
    return {
      type: 'function',
      function: { ...rest, name: String(name).replaceAll('.', '_'), parameters: schemaOf(parameters) },
    };
  });
}

function schemaOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { type, properties, items, ...rest } = value as Record<string, unknown>;
  return {
    ...rest,
    type: SCHEMA_TYPES[String(type)] ?? 'string',
    ...(type === 'float' ? { format: 'float' } : {}),
    ...(properties === undefined ? {} : { properties: mapValues(properties as object, schemaOf) }),
    ...(items === undefined ? {} : { items: schemaOf(items) }),
  };
}

function mapValues(table: object, make: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, make(value)]));
}

export interface FunctionTypes {
  readonly name: string;
  readonly required: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly items?: string }[];
}

/** What checking needs of them. Throws DSET-DATA-002. */
export function specsOf(functions: readonly PyValue[], where: string): FunctionTypes[] {
  return functions.map((one) => {
    const [name, parameters] = [fieldOf(one, 'name'), fieldOf(one, 'parameters')];
    const required = fieldOf(parameters, 'required') ?? [];
    const properties = fieldOf(parameters, 'properties');
    if (typeof name !== 'string' || !(properties instanceof PyDict) || !isPyList(required)) {
      throw badRow(where, "a function has no 'name', or no table of parameters");
    }
    return {
      name,
      required: required.map(String),
      parameters: entriesOf(properties).map(([key, value]) => {
        const items = fieldOf(value, 'items');
        const type = items === undefined ? {} : { items: textIn(items, 'type') };
        return { name: String(key), type: textIn(value, 'type'), ...type };
      }),
    };
  });
}

function fieldOf(table: PyValue | undefined, key: string): PyValue | undefined {
  return table instanceof PyDict ? table.get(key) : undefined;
}

function textIn(table: PyValue, key: string): string {
  const value = fieldOf(table, key);
  return typeof value === 'string' ? value : '';
}

function entriesOf(table: PyValue | undefined): (readonly [PyValue, PyValue])[] {
  return table instanceof PyDict ? [...table.entries()] : [];
}

/** A copy with one value changed, its place kept. */
function withEntry(table: PyValue, key: string, value: PyValue): PyDict {
  return new PyDict([...entriesOf(table), [key, value] as const]);
}

/** The value that JSON has for it. */
export function plainOf(value: PyValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isPyList(value)) return value.map(plainOf);
  if (!(value instanceof PyDict)) return value;
  return Object.fromEntries(entriesOf(value).map(([key, one]) => [String(key), plainOf(one)]));
}
