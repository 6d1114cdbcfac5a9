/** Builds the viewer into `dist/viewer/page.html`: one file that needs no other, and whose policy lets it run nothing else. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/viewer', import.meta.url)),
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    modulePreload: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    rollupOptions: { output: { codeSplitting: false } },
  },
  plugins: [singleFile()],
});

/** Puts the script and the styles into the page and allows exactly these by their hashes. */
function singleFile(): Plugin {
  return {
    name: 'single-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const text = (ending: string) => {
        const files = Object.values(bundle).filter(({ fileName }) => fileName.endsWith(ending));
        if (files.length !== 1) throw new Error(`the viewer has ${files.length} files *${ending}, not one`);
        const [file] = files;
        delete bundle[file!.fileName];
        return file!.type === 'chunk' ? file!.code : String(file!.source);
      };
      // A text that would end the element it stands in.
      const script = text('.js').replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      const style = text('.css');
      const html = text('.html').replace(/<(script|link)[^>]*(src|href)=[^>]*>(<\/script>)?/g, '');
      const policy = [
        "default-src 'none'",
        `script-src '${hashOf(script)}'`,
        `style-src '${hashOf(style)}'`,
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ');
      const head = `<meta http-equiv="Content-Security-Policy" content="${policy}" />\n<style>${style}</style>`;
      const source = html
        .replace('<meta charset="utf-8" />', (found) => `${found}\n${head}`)
        .replace('</body>', () => `<script type="module">${script}</script>\n</body>`);
      this.emitFile({ type: 'asset', fileName: 'page.html', source });
    },
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
