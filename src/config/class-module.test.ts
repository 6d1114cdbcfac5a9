import { describe, expect, it } from 'vitest';
import { modelOfClass } from './raw.ts';

class MyCustomAPI {
  getUrl() {}
  getRequestBody() {}
  parseTextResponse() {}
  parseStreamResponse() {}
}
class OnlyStreams {
  getUrl() {}
  getRequestBody() {}
  parseStreamResponse() {}
}
class MyCustomModel {
  generate() {}
}

const module = (values: Record<string, unknown>) => ({ path: '/mine.ts', values, where: () => '/mine.ts' });
const valuesOf = (values: Record<string, unknown>, mode: 'all' | 'perf' = 'all') =>
  modelOfClass(module(values), mode)?.values;

describe('a module with a class and no config', () => {
  it('is a service model, named after the class', () => {
    expect(valuesOf({ MyCustomAPI, helper: () => {} })).toEqual({
      attr: 'service',
      type: MyCustomAPI,
      abbr: 'my_custom_api',
      stream: false,
    });
  });

  it('streams where the class can do nothing else, and for times', () => {
    expect(valuesOf({ OnlyStreams })).toMatchObject({ stream: true });
    expect(valuesOf({ MyCustomAPI }, 'perf')).toMatchObject({ stream: true });
  });

  it('is a local model, with the guide’s values', () => {
    expect(valuesOf({ MyCustomModel })).toEqual({
      attr: 'local',
      type: MyCustomModel,
      abbr: 'my_custom_model',
      max_out_len: 100,
      batch_size: 1,
      max_seq_len: 2048,
    });
  });

  it('may export it by default, and twice', () => {
    expect(valuesOf({ default: MyCustomAPI, MyCustomAPI, OnlyStreams })).toMatchObject({ type: MyCustomAPI });
    expect(valuesOf({ one: MyCustomAPI, two: MyCustomAPI })).toMatchObject({ type: MyCustomAPI });
  });

  it('with several classes is refused by name', () => {
    expect(() => valuesOf({ MyCustomAPI, MyCustomModel })).toThrow(
      'this module exports several model classes: MyCustomAPI, MyCustomModel',
    );
  });
});

it('a module with `models`, or without a class, is none', () => {
  expect(valuesOf({ models: [], MyCustomAPI })).toBeUndefined();
  expect(valuesOf({ text: 'x' })).toBeUndefined();
});
