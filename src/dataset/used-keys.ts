type ReadParams = Readonly<Record<string, unknown>>;

/** Watches which keys of a dataset config its class reads: one that it does not know would be dropped in silence. */
export function watchKeys(params: ReadParams): { readonly params: ReadParams; unread(): string[] } {
  const read = new Set<string>();
  const watched = new Proxy(params, {
    get(table, key) {
      if (typeof key === 'string') read.add(key);
      return Reflect.get(table, key);
    },
  });
  return { params: watched, unread: () => Object.keys(params).filter((key) => !read.has(key)) };
}
