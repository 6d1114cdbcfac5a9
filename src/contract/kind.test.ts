import { describe, expect, it } from 'vitest';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import { BaseAPIModel } from './base-api-model.ts';
import { BaseModel, detectAttr } from './base-model.ts';

class Half extends BaseAPIModel {
  getUrl = () => '';
  getRequestBody = () => ({});
  generate() {}
}

class Local extends BaseModel {
  async generate() {
    return [];
  }
}

describe('attrOf', () => {
  it.each([
    ['a shipped class', VLLMCustomAPI, 'service'],
    ['a class whose methods are fields', Half, 'service'],
    ['a local class', Local, 'local'],
    [
      'a class of another copy',
      class {
        getUrl() {}
        getRequestBody() {}
      },
      'service',
    ],
    ['another class', class {}, undefined],
    ['a function', () => {}, undefined],
    ['an instance', new Half({} as never), undefined],
    ['nothing', undefined, undefined],
  ])('%s is %j', (_what, value, attr) => {
    expect(detectAttr(value)).toBe(attr);
  });
});
