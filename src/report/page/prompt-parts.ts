interface PromptPart {
  readonly role: string;
  readonly text: string;
}

/** An address that is a whole file says nothing to a reader. */
const LONGEST_ADDRESS = 200;

/** What was asked, as a person reads it: one part a message; images and the like by their address. Any JSON is taken. */
export function promptParts(prompt: unknown): PromptPart[] {
  if (!Array.isArray(prompt)) return [{ role: '', text: textOf(prompt) }];
  return prompt.map((message: unknown) => {
    const { role, content, prompt: text } = (message ?? {}) as Record<string, unknown>;
    return { role: typeof role === 'string' ? role : '', text: textOf(content ?? text ?? message) };
  });
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(partOf).join('\n');
  return content === undefined || content === null ? '' : JSON.stringify(content, null, 2);
}

function partOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { type, text } = (part ?? {}) as Record<string, unknown>;
  if (typeof text === 'string') return text;
  const address = JSON.stringify(part) ?? '';
  const short = address.length > LONGEST_ADDRESS ? `${address.slice(0, LONGEST_ADDRESS)}…` : address;
  return `[${typeof type === 'string' ? type : 'part'}] ${short}`;
}
