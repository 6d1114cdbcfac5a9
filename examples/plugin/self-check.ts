import { type Inferencer, toMessages } from 'ais-bench';

/** Asks, then asks whether the model is sure, and scores what it says in the end. */
export const selfCheck: Inferencer = async ({ prompt, options }, ask) => {
  const question = toMessages(prompt);
  const first = await ask(question);
  const doubt = String(options['doubt'] ?? 'Are you sure? Reply with the final answer alone.');
  const messages = [
    ...question,
    { role: 'assistant', content: first.content },
    { role: 'user', content: doubt },
  ];
  const second = await ask(messages, { maxOutLen: 32 });
  return {
    prediction: second.content,
    messages: [...messages, { role: 'assistant', content: second.content }],
    details: { changed: first.content !== second.content },
  };
};
