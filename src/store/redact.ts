import { defined } from '../basics/defined.ts';
import { AisBenchError } from '../contract/errors.ts';

/** Names under which secrets are kept in configs, headers and URLs, in snake or kebab case. */
const SECRET_NAME =
  /^(.*[_-])?((api|access|private|secret|auth|account)[_-]?key|auth|authorization|token|secret|password|passwd|pwd|passphrase|cookie|credential)s?$/;
/** Names that look like a secret's but count tokens, or say which token does what. */
const TOKEN_COUNT =
  /^((.*[_-])?tokens|((.*[_-])?(max|min|num|n|total|prompt|completion|first|last|next|stop|start|end|return|pad|eos|bos|unk|cls|sep|mask|special|ice)[_-])(.*[_-])?token)$/;

/** What people write where a service wants a key and does not look at it. Masking these would destroy answers. */
const PLACEHOLDER =
  /^(empty|none|null|undefined|true|false|dummy|fake|test|no[_-]?key|sk-no-key-required|not-needed|x+)$/i;

const SHORTEST_SECRET = 4;

/** What replaces a secret. */
export const MASK = '***';

/** Takes known secrets out of any text. Short values are left: masking "a" everywhere would destroy the text. */
export type Redactor = (text: string) => string;

export function redactor(secrets: Iterable<string>): Redactor {
  const known = [...new Set(secrets)].filter(
    (secret) => secret.length >= SHORTEST_SECRET && !PLACEHOLDER.test(secret),
  );
  const longestFirst = [...new Set(known.flatMap(waysToWrite))].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of longestFirst) if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK);
    return clean;
  };
}

/** Masks the strings of a JSON text and leaves its structure whole, even where a secret looks like a piece of it. */
export function redactJson(text: string, redact: Redactor): string {
  const masked = redact(text);
  if (masked === text) return text;
  try {
    const indent = /\n( +)/.exec(text)?.[1]?.length;
    const clean = JSON.stringify(
      JSON.parse(text),
      (_name, value) => (typeof value === 'string' ? redact(value) : value),
      indent,
    );
    return text.endsWith('\n') ? `${clean}\n` : clean;
  } catch {
    return masked;
  }
}

/** A secret as it may come back: in JSON, in JSON inside JSON, in a URL, a form, HTML, CSV, base64. */
function waysToWrite(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const url = encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'));
  const lowerUrl = url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const html = secret.replace(/[&<>"]/g, (c) => HTML_NAMES[c] as string);
  const bytes = Buffer.from(secret, 'utf8');
  return [
    secret,
    json,
    ascii,
    JSON.stringify(json).slice(1, -1),
    url,
    lowerUrl,
    form,
    html,
    html.replaceAll("'", '&#39;'),
    secret.replaceAll('"', '""'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

const HTML_NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Whether the value of this name (a config key, a header, a URL's parameter) is a secret. */
export function isSecretName(name: string): boolean {
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return SECRET_NAME.test(snake) && !TOKEN_COUNT.test(snake);
}

/** A copy of plain data in which every value under a secret's name is masked. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecretName(name) && inner !== '' && inner !== null && inner !== undefined ? MASK : maskSecrets(inner),
    ]),
  );
}

/** Every text under a secret's name and in a URL's credentials, anywhere in plain data: what a redactor has to know. */
export function secretsIn(value: unknown): string[] {
  if (typeof value === 'string') return secretsInUrl(value);
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isSecretName(name) ? textsIn(inner) : secretsIn(inner),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : secretWords(value);
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** `Bearer abc` hides `abc` too, which appears alone when a server quotes the key back. */
function secretWords(value: string): string[] {
  return [...new Set([value, ...value.split(/\s+/).filter((word) => word.length >= 8)])];
}

function secretsInUrl(text: string): string[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return [];
  const { password, searchParams } = new URL(text);
  const parameters = [...searchParams].filter(([name]) => isSecretName(name)).map(([, secret]) => secret);
  return [password, decoded(password), ...parameters].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An error as it may be shown: a server can quote a key back, a URL can hold one. */
export function masked(error: unknown, redact: Redactor): unknown {
  if (error instanceof AisBenchError) {
    const { code, message, where, cure } = error;
    const clean = new AisBenchError(code, redact(message), {
      ...defined({ where: where === undefined ? undefined : redact(where) }),
      cure: redact(cure),
      cause: masked(error.cause, redact),
    });
    clean.stack = redact(error.stack ?? message);
    return clean;
  }
  if (!(error instanceof Error)) return error;
  const clean = new Error(redact(error.message));
  clean.stack = redact(error.stack ?? error.message);
  return clean;
}
