import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { messageOf } from '../contract/errors.ts';

/** A certificate or key file that was read. */
export interface PemFile {
  readonly path: string;
  /** One or more PEM blocks. */
  readonly text: string;
}

/** How TLS connections are made. */
export interface TlsSettings {
  /** Authorities that are trusted in place of the built-in ones. */
  readonly ca?: PemFile;
  /** Certificate chain that this client shows (mTLS), and its key. */
  readonly cert?: PemFile;
  readonly key?: PemFile;
  readonly passphrase?: string;
  /** Server name sent in the handshake (SNI), which its certificate must hold; default: the URL's host. */
  readonly serverName?: string;
  /** Certificates are not checked. */
  readonly insecure: boolean;
}

/** A file that TLS cannot use: which setting it came from, and why. */
export class TlsFileError extends Error {
  readonly setting: 'ca' | 'cert' | 'key';

  constructor(setting: 'ca' | 'cert' | 'key', why: string) {
    super(why);
    this.setting = setting;
  }
}

/**
 * Makes the TLS context that all connections of a service share: parsing PEM per connection would cost more than its handshake.
 * Throws TlsFileError.
 */
export function makeSecureContext(settings: TlsSettings): SecureContext {
  const { ca, cert, key, passphrase } = settings;
  if (ca !== undefined) requireCertificates('ca', ca);
  if (cert !== undefined) requireCertificates('cert', cert);
  if (cert !== undefined && key === undefined) throw new TlsFileError('key', 'tls.cert needs tls.key');
  if (key !== undefined && cert === undefined) throw new TlsFileError('cert', 'tls.key needs tls.cert');
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca: ca.text }),
      ...(cert === undefined ? {} : { cert: cert.text }),
      ...(key === undefined ? {} : { key: key.text }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (cause) {
    throw new TlsFileError('key', whyUnusable(cause, key, passphrase));
  }
}

/** OpenSSL accepts a file without any certificate in silence and then trusts no server. */
function requireCertificates(setting: 'ca' | 'cert', { text }: PemFile): void {
  const blocks = text.match(
    /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[\s\S]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g,
  );
  if (blocks === null) throw new TlsFileError(setting, 'it holds no PEM certificate');
  for (const [position, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw new TlsFileError(setting, `its certificate ${position + 1} cannot be read: ${messageOf(cause)}`);
    }
  }
}

function whyUnusable(cause: unknown, key: PemFile | undefined, passphrase: string | undefined): string {
  const message = messageOf(cause);
  if (/key values mismatch/i.test(message)) return 'it does not belong to the certificate of tls.cert';
  // OpenSSL's words for a missing and for a wrong passphrase differ from version to version.
  if (key?.text.includes('ENCRYPTED')) {
    return passphrase === undefined
      ? 'it is encrypted: give tls.passphrase'
      : `tls.passphrase does not open it: ${message}`;
  }
  return `it holds no usable private key: ${message}`;
}
