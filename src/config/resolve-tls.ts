import { resolve } from 'node:path';
import { messageOf } from '../contract/errors.ts';
import { withEnvironment } from '../transport/request-headers.ts';
import { makeSecureContext, type PemFile, type TlsFileError, type TlsSettings } from '../transport/tls.ts';
import { readNamedFile } from './load.ts';
import type { Reading } from './reading.ts';
import type { ServiceModelConfig } from './schema.ts';
import { wrongValue } from './validate.ts';

/** Reads and checks the files of `tls`. Throws UTILS-CFG-002 that names the file. */
export function resolveTls(tls: ServiceModelConfig['tls'], reading: Reading): TlsSettings | undefined {
  if (tls === undefined) return undefined;
  const refuse = (key: string, why: string, cure: string) =>
    wrongValue(reading.entry, ['tls', key], why, cure);
  const read = (key: 'ca' | 'cert' | 'key'): Partial<Record<typeof key, PemFile>> => {
    const path = tls[key];
    if (path === undefined) return {};
    try {
      return { [key]: { path, text: readNamedFile(resolve(reading.cwd, path)) } };
    } catch (error) {
      throw refuse(key, `the file ${path} cannot be read: ${messageOf(error)}`, 'correct the path');
    }
  };
  const settings: TlsSettings = {
    ...read('ca'),
    ...read('cert'),
    ...read('key'),
    ...(tls.passphrase === undefined ? {} : { passphrase: readPassphrase(tls.passphrase, reading) }),
    ...(tls.server_name === undefined ? {} : { serverName: tls.server_name }),
    insecure: tls.insecure,
  };
  try {
    makeSecureContext(settings);
  } catch (error) {
    const { setting, message } = error as TlsFileError;
    const path = tls[setting];
    throw refuse(setting, path === undefined ? message : `${path}: ${message}`, `correct tls.${setting}`);
  }
  return settings;
}

function readPassphrase(given: string, { entry, env, keep }: Reading): string {
  try {
    const text = withEnvironment(given, env, keep);
    keep(text);
    return text;
  } catch (error) {
    const cure = 'set the variable, or write the passphrase';
    throw wrongValue(entry, ['tls', 'passphrase'], messageOf(error), cure);
  }
}
