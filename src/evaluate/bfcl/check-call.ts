/** Whether calls are those that are expected, by the rules of BFCL's AST checker. */
import { pyRepr } from '../../python-data/repr.ts';
import { type PyDict, PyTuple, type PyValue, pyTypeName } from '../../python-data/value.ts';
import { checkValue } from './check-values.ts';
import type { FunctionCall } from './decode.ts';
import { javaValue } from './java-values.ts';
import { jsValue } from './js-values.ts';
import type { ExpectedCall, Fault, FunctionSpec, Language, ParameterSpec, TypedValue } from './types.ts';

/** Python's names of BFCL's types, by language. */
const TYPES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  python: {
    string: 'str',
    integer: 'int',
    float: 'float',
    boolean: 'bool',
    array: 'list',
    tuple: 'list',
    dict: 'dict',
    any: 'str',
  },
  java: {
    byte: 'int',
    short: 'int',
    integer: 'int',
    float: 'float',
    double: 'float',
    long: 'int',
    boolean: 'bool',
    char: 'str',
    Array: 'list',
    ArrayList: 'list',
    Set: 'set',
    HashMap: 'dict',
    Hashtable: 'dict',
    Queue: 'list',
    Stack: 'list',
    String: 'str',
    any: 'str',
  },
  javascript: {
    String: 'str',
    integer: 'int',
    float: 'float',
    Bigint: 'int',
    Boolean: 'bool',
    dict: 'dict',
    array: 'list',
    any: 'str',
  },
};

/** Types of which the description names the items' type too. */
const WITH_ITEMS = ['array', 'tuple', 'Array', 'ArrayList'];

export interface Task {
  /** `simple`, `multiple`, `parallel`, `live_parallel_multiple`, `java`, … */
  readonly category: string;
  readonly language: Language;
  readonly functions: readonly FunctionSpec[];
  readonly expected: readonly ExpectedCall[];
}

/** Nothing where the calls are right; else bfcl-eval's word for what is wrong. In a parallel task their order is free. */
export function checkCalls(task: Task, calls: readonly FunctionCall[]): Fault | undefined {
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
function checkInAnyOrder(task: Task, calls: readonly FunctionCall[]): Fault | undefined {
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

function specOf({ functions }: Task, name: string): FunctionSpec {
  const spec = functions.find((one) => one.name === name);
  if (spec === undefined) throw new Error(`the expected function ${name} is not described`);
  return spec;
}

const WRONG_NAME = 'simple_function_checker:wrong_func_name';

function checkCall(
  { name, args }: FunctionCall,
  { values }: ExpectedCall,
  spec: FunctionSpec,
  language: Language,
): Fault | undefined {
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
  language: Language,
): Fault | undefined {
  const { name, type, items } = parameter;
  if (language !== 'python' && typeof value !== 'string') {
    const message = `${name}: ${pyTypeName(value)} in place of ${language === 'java' ? 'Java' : 'JavaScript'} in a text`;
    return { type: language === 'java' ? 'type_error:java' : 'type_error:js', message };
  }
  const types = TYPES[language];
  const typed: TypedValue = {
    value: converted(value, parameter, language),
    type: types[type] ?? type,
    itemType: WITH_ITEMS.includes(type) && items !== undefined ? types[items] : undefined,
  };
  return checkValue(name, typed, right);
}

/** What a text of Java or JavaScript stands for; of Python a tuple where one is asked as a list, an int for a float as a float. */
function converted(value: PyValue, { type, items }: ParameterSpec, language: Language): PyValue {
  if (language === 'java') return javaValue(value as string, type, items);
  if (language === 'javascript') return jsValue(value as string, type, items);
  if (type === 'tuple' && value instanceof PyTuple) return value.items;
  return type === 'float' && typeof value === 'bigint' ? Number(value) : value;
}
