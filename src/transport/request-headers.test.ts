import { describe, expect, it } from 'vitest';
import { type APIModelOptions, BaseAPIModel } from '../contract/base-api-model.ts';
import { modelOptions } from '../testing/index.ts';
import { plainHeaders, requestHeaders } from './request-headers.ts';

class Plain extends BaseAPIModel {
  getUrl(): string {
    return this.baseUrl;
  }
  getRequestBody(): object {
    return {};
  }
}
class Own extends Plain {
  override headers(): Record<string, string> {
    return { 'X-Own': 'class', Accept: 'text/event-stream' };
  }
}

const args = { index: 4, repetition: 2, turn: 1, conversationId: 'c9' };
const headersOf = (options: Partial<APIModelOptions>, type = Plain) =>
  requestHeaders(new type(modelOptions({ apiKey: '', ...options })), args);

describe('Authorization', () => {
  it('is there only when there is a key', () => {
    expect(headersOf({})).toEqual({ 'content-type': 'application/json' });
    expect(headersOf({ apiKey: 'sk-1' })).toMatchObject({ authorization: 'Bearer sk-1' });
  });

  it('is made of the URL’s credentials, which a key replaces', () => {
    const url = 'https://ann:p%40ss@host/v/';
    const basic = `Basic ${Buffer.from('ann:p@ss').toString('base64')}`;
    expect(headersOf({ url })).toMatchObject({ authorization: basic });
    expect(headersOf({ url, apiKey: 'k' })).toMatchObject({ authorization: 'Bearer k' });
  });

  it('is taken away by an empty value of the class’s or the config’s', () => {
    class Keyed extends Plain {
      override headers(): Record<string, string> {
        return { 'x-api-key': this.options.apiKey, Authorization: '' };
      }
    }
    const key = { 'content-type': 'application/json', 'x-api-key': 'k' };
    expect(headersOf({ apiKey: 'k' }, Keyed)).toEqual(key);
    expect(headersOf({ apiKey: 'k', headers: { AUTHORIZATION: '' } })).toEqual({
      'content-type': 'application/json',
    });
  });

  it('is the config’s where that has one, once and in whatever case', () => {
    const headers = headersOf({ apiKey: 'k', headers: { AUTHORIZATION: 'Token t' } });
    expect(headers).toEqual({ 'content-type': 'application/json', AUTHORIZATION: 'Token t' });
  });
});

it('the config’s headers replace the class’s, and are filled in for the call', () => {
  const headers = { 'x-own': 'config', 'X-Session': '{conversation_id}/{index}/{repetition}/{turn}' };
  expect(headersOf({ headers }, Own)).toEqual({
    'content-type': 'application/json',
    Accept: 'text/event-stream',
    'x-own': 'config',
    'X-Session': 'c9/4/2/1',
  });
});

it('a header of the config with an empty value is not sent, whoever else has it', () => {
  const headers = { 'x-own': '', ACCEPT: '', 'Content-Type': '', 'X-Nobody': '', 'X-Team': 'blue' };
  expect(headersOf({ apiKey: 'k', headers }, Own)).toEqual({ authorization: 'Bearer k', 'X-Team': 'blue' });
  expect(plainHeaders(modelOptions({ apiKey: 'k', headers: { Authorization: '', 'X-Team': '' } }))).toEqual(
    {},
  );
});

it('a question that belongs to no call carries the key and the config’s headers', () => {
  const headers = { 'X-Team': 'blue', 'X-Session': '{conversation_id}' };
  expect(plainHeaders(modelOptions({ apiKey: 'k', headers }))).toEqual({
    authorization: 'Bearer k',
    'X-Team': 'blue',
    'X-Session': 'none',
  });
});
