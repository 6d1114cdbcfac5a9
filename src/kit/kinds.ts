/** What `ais_bench new` can write: a model behind a service, or one that is loaded in this process. */
export const KINDS = ['api-model', 'local-model'] as const;
export type ModelKind = (typeof KINDS)[number];

/** The languages that it writes them in. */
export const LANGUAGES = ['typescript', 'python'] as const;
export type Language = (typeof LANGUAGES)[number];
