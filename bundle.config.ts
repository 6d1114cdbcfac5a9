/**
 * Builds the command and the library into `dist`: few files instead of hundreds, because looking for, reading and linking each of them
 * is most of what a start takes. What is only needed at times stays in files of its own, that are loaded then.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  logLevel: 'warn',
  publicDir: false,
  ssr: {
    // Nine tenths of its files are texts in languages that nobody asks it for, and it loads them all.
    // csv-parse ships its code in five forms, of which one file is used.
    noExternal: ['zod', 'csv-parse'],
  },
  build: {
    ssr: true,
    target: 'node20',
    outDir: at('dist'),
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: {
        'cli/main': at('src/cli/main.ts'),
        index: at('src/index.ts'),
        'testing/index': at('src/testing/index.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
