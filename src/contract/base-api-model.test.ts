import { expect, it } from 'vitest';
import { endpointUrl } from './base-api-model.ts';

it.each([
  ['http://h/', 'v1/chat/completions', 'http://h/v1/chat/completions'],
  ['http://h/a/', 'v1/models', 'http://h/a/v1/models'],
  ['http://h/a/v1/', 'v1/chat/completions', 'http://h/a/v1/chat/completions'],
  ['http://h/v1/?k=1', 'v1/completions', 'http://h/v1/completions?k=1'],
  ['http://h/a/v1/chat/completions/', 'v1/chat/completions', 'http://h/a/v1/chat/completions'],
  ['http://h/a/v1/chat/completions/', 'v1/models', 'http://h/a/v1/models'],
  ['http://h/v1/messages/', 'v1/messages', 'http://h/v1/messages'],
  // Not the end of the path, not the version, not an endpoint that has one.
  ['http://h/v1/team/', 'v1/models', 'http://h/v1/team/v1/models'],
  ['http://h/av1/', 'v1/models', 'http://h/av1/v1/models'],
  ['http://h/v1/', 'generate', 'http://h/v1/generate'],
])('%s and %s make %s', (baseUrl, path, url) => {
  expect(endpointUrl(baseUrl, path)).toBe(url);
});
