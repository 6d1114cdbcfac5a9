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
