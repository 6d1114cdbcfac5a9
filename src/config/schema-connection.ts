/** Config fields about how a service is reached; all of them are ours (AISBench has none of them). */
import { z } from 'zod';
import { BALANCES } from './connection-plan.ts';

const file = z.string().min(1);

export const tlsSchema = z
  .strictObject({
    ca: file.optional().describe('PEM file of the authorities to trust, in place of the built-in ones.'),
    cert: file.optional().describe('PEM file of the certificate that this client shows.'),
    key: file.optional().describe('PEM file of that certificate’s private key.'),
    passphrase: z.string().optional().describe('What opens the key; may be {env:NAME}.'),
    server_name: z
      .string()
      .min(1)
      .optional()
      .describe('Name that the server’s certificate must hold, instead of the URL’s host.'),
    insecure: z.boolean().default(false).describe('Do not check certificates.'),
  })
  .meta({ title: 'table' });

const adapterShare = z.strictObject({
  name: z.string().describe('Adapter or model; empty: the model itself.'),
  weight: z.number().positive().describe('Its share, relative to the others.'),
});

export const connectionFields = {
  url: z
    .union([z.string(), z.array(z.string().min(1)).min(1)])
    .default('')
    .meta({ title: 'text or list' })
    .describe('Base URL of the service, or several; replaces host_ip and host_port.'),
  urls: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Several base URLs; another way to write `url` (ours).'),
  balance: z
    .enum(BALANCES)
    .default('round_robin')
    .describe('Which of several URLs gets a case: the next one, or the least busy one (ours).'),
  headers: z
    .record(z.string(), z.union([z.string(), z.number().transform(String)]))
    .default({})
    .describe('Headers of every request; see docs/connections.md for fields (ours).'),
  tls: tlsSchema
    .optional()
    .describe('How https is spoken: ca, cert, key, passphrase, server_name, insecure (ours).'),
  proxy: z
    .string()
    .default('env')
    .describe('Proxy URL; env: http_proxy, https_proxy and no_proxy; empty: none (ours).'),
  http2: z
    .boolean()
    .default(false)
    .describe('Use HTTP/2; over http:// without asking the server first (ours).'),
  lora_mix: z
    .array(adapterShare)
    .min(1)
    .optional()
    .describe('Adapters or models to spread the cases over by weight (ours).'),
  lora_seed: z.int().min(0).default(0).describe('Seed of lora_mix (ours).'),
};
