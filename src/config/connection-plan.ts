import type { ProxySettings } from '../transport/proxy.ts';
import type { TlsSettings } from '../transport/types.ts';

export const BALANCES = ['round_robin', 'least_in_flight'] as const;
export type Balance = (typeof BALANCES)[number];

/** Which adapter (or other model) a case asks for; '' = the model itself. */
export type AdapterPlan =
  | {
      readonly kind: 'mix';
      readonly seed: number;
      readonly shares: readonly { readonly name: string; readonly weight: number }[];
    }
  | {
      readonly kind: 'rows';
      readonly path: string;
      /** Adapter by row of the dataset, counted from 0. */
      readonly names: Readonly<Record<string, string>>;
    };

/** How a service is reached. */
export interface ConnectionPlan {
  /** Base URLs, normalised, at least one. */
  readonly servers: readonly string[];
  readonly balance: Balance;
  readonly http2: boolean;
  readonly tls?: TlsSettings | undefined;
  readonly proxy: ProxySettings;
  readonly adapters?: AdapterPlan | undefined;
  /** Headers as the config writes them, environment variables not filled in. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values that may be written nowhere. */
  readonly secrets: readonly string[];
}
