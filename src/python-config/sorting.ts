import { collect, compare } from './access.ts';
import { type Call, isTrue, type Value } from './values.ts';

interface Order {
  readonly key: Value | undefined;
  readonly reverse: Value | undefined;
}

/** In order, equal ones as they stood; `key` makes what is compared. */
export function sorted(values: Value, { key, reverse }: Order, call: Call): Value[] {
  const { machine } = call;
  const items = collect(values, machine).map((value) => ({ value, by: keyed(value, key, call) }));
  const sign = reverse !== undefined && isTrue(reverse) ? -1 : 1;
  items.sort((a, b) => {
    const order = compare(a.by, b.by, '<', machine);
    return order === undefined ? machine.fail('nan cannot be sorted') : sign * order;
  });
  return items.map(({ value }) => value);
}

function keyed(value: Value, key: Value | undefined, call: Call): Value {
  return key === undefined || key === null ? value : call.invoke(key, [value]);
}

/** `min` and `max`: of the items of one argument, or of several. */
export function extreme(call: Call, operator: '<' | '>'): Value {
  const { machine, args, keywords, name } = call;
  for (const given of keywords.keys())
    if (given !== 'key' && given !== 'default')
      machine.fail(`${name}() got an unexpected keyword argument '${given}'`);
  const items = args.length === 1 ? collect(args[0] as Value, machine) : [...args];
  const [first] = items;
  if (first === undefined) {
    const fallback = keywords.get('default');
    return fallback === undefined ? machine.fail(`${name}() arg is an empty sequence`) : fallback;
  }
  const key = keywords.get('key');
  let best = { value: first, by: keyed(first, key, call) };
  for (const value of items.slice(1)) {
    const by = keyed(value, key, call);
    const order = compare(by, best.by, operator, machine);
    if (order !== undefined && (operator === '<' ? order < 0 : order > 0)) best = { value, by };
  }
  return best.value;
}
