/** A question as the service's chat template wraps it, to count what the service counts. */
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { compileTemplate, type JinjaTemplate } from '../python-data/jinja.ts';

/**
 * From a text to the whole prompt: the one user message, generation prompt included. Undefined without a template. The
 * function throws UTILS-FILE-003 where the template uses what we do not understand.
 */
export function chatRenderer(
  template: string | undefined,
  config: object,
  folder: string,
): ((text: string) => string) | undefined {
  if (template === undefined) return undefined;
  let compiled: JinjaTemplate | undefined;
  return (text) => {
    try {
      compiled ??= compileTemplate(template);
      const messages = [{ role: 'user', content: text }];
      return compiled({ ...specialTokens(config), strftime_now, messages, add_generation_prompt: true });
    } catch (cause) {
      throw new AisBenchError('UTILS-FILE-003', `the chat template cannot be rendered: ${messageOf(cause)}`, {
        where: folder,
        cure: "count the text alone: length: 'content'",
        cause,
      });
    }
  };
}

/** `bos_token`, `eos_token` and the like: texts, or tables with a text in `content`. */
function specialTokens(config: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.endsWith('_token'))
      .map(([name, value]) => [name, (value as { content?: unknown } | null)?.content ?? value]),
  );
}

/** Some templates tell the model the date. */
function strftime_now(format: unknown): string {
  const now = new Date();
  const part = (options: Intl.DateTimeFormatOptions) => now.toLocaleDateString('en-GB', options);
  const parts: Readonly<Record<string, string>> = {
    '%d': part({ day: '2-digit' }),
    '%m': part({ month: '2-digit' }),
    '%b': part({ month: 'short' }),
    '%B': part({ month: 'long' }),
    '%Y': part({ year: 'numeric' }),
  };
  return String(format).replace(/%[a-zA-Z]/g, (code) => parts[code] ?? code);
}
