import type { RequestOutput } from '../contract/output.ts';
import { PAYLOAD_KINDS } from '../contract/record.ts';
import { failureInWords, isEmptyReply } from './failure-in-words.ts';
import { type Finding, note, wrong } from './finding.ts';
import { countsIn, finishReasonIn, leavesOf, reasoningPlaces, textPlaces } from './leaves.ts';
import type { Observation } from './observe.ts';
import { howTextWasTaken } from './text-taken.ts';

/** What is looked at: the output, the JSON that the parser was shown, and how both are called. */
interface Subject {
  readonly output: RequestOutput;
  readonly data: readonly unknown[];
  readonly parser: string;
  /** `the events carry` */
  readonly carried: string;
}

/** What is wrong with one request and its reply, in words, and what is worth knowing. */
export function diagnose(observation: Observation, maxOutLen: number): Finding[] {
  const { attempt, stream } = observation;
  const findings = limitInBody(observation, maxOutLen);
  if (attempt.failure !== undefined && !isEmptyReply(observation)) {
    return [...findings, wrong(failureInWords(attempt.failure, observation))];
  }
  const subject: Subject = {
    output: attempt.output,
    data: observation.events.flatMap(({ data }) => jsonOf(data)),
    parser: parserOf(stream),
    carried: stream ? 'the events carry' : 'the reply carries',
  };
  return [
    ...findings,
    ...aboutText(subject),
    ...aboutReasoning(subject),
    ...aboutFirstToken(observation),
    ...aboutFinish(subject),
    ...aboutCounts(subject),
  ];
}

export function parserOf(stream: boolean): 'parseStreamResponse' | 'parseTextResponse' {
  return stream ? 'parseStreamResponse' : 'parseTextResponse';
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

function limitInBody({ request }: Observation, maxOutLen: number): Finding[] {
  const body = jsonOf(request?.body ?? '')[0];
  if (body === undefined || leavesOf(body).some(({ value }) => value === maxOutLen)) return [];
  return [wrong(`the body does not hold maxOutLen (${maxOutLen}): answers get as long as the service likes`)];
}

function aboutText({ output, data, parser, carried }: Subject): Finding[] {
  const { content, reasoningContent, toolCalls } = output;
  const [place] = textPlaces(data);
  if (content === '') {
    if (place !== undefined) return [wrong(`${parser} never set content; ${carried} \`${place.path}\``)];
    const answered = reasoningContent !== '' || toolCalls.length > 0;
    return answered ? [] : [wrong(`${parser} never set content, and there is no text in what came`)];
  }
  const taken = place === undefined ? [] : howTextWasTaken(content, place, parser).map(wrong);
  const nonsense = /undefined|\[object Object\]|NaN/.exec(content)?.[0];
  if (nonsense === undefined || JSON.stringify(data).includes(nonsense)) return taken;
  return [...taken, wrong(`content holds "${nonsense}": ${parser} adds something that is no text`)];
}

function aboutReasoning({ output, data, parser, carried }: Subject): Finding[] {
  const [place] = reasoningPlaces(data);
  if (place === undefined || output.reasoningContent !== '') return [];
  return [wrong(`${parser} never set reasoningContent; ${carried} \`${place.path}\``)];
}

/** The event that counts as the first token; -1: none did. */
export function firstTokenOf({ events }: Observation): number {
  return events.findIndex(({ kind }) => kind !== undefined && PAYLOAD_KINDS.has(kind));
}

/** Text that is read later than it came makes every time wrong, though the answer is right. */
function aboutFirstToken(observation: Observation): Finding[] {
  const { events, stream, attempt } = observation;
  const first = firstTokenOf(observation);
  if (!stream || first < 0) return [];
  const early = events.slice(0, first).flatMap(({ data }) => jsonOf(data));
  const { content } = attempt.output;
  const place = textPlaces(early).find(({ texts }) => texts.length > 1 && content.includes(texts.join('')));
  if (place === undefined) return [];
  const late = `content came first with event ${first + 1}, though the events before carry \`${place.path}\``;
  return [wrong(`${late}: TTFT is too late by them`)];
}

function aboutFinish({ output, data, parser, carried }: Subject): Finding[] {
  if (typeof output.finishReason === 'string') return [];
  const reason = finishReasonIn(data);
  if (reason !== undefined) {
    return [wrong(`${parser} never set finishReason; ${carried} \`${reason.path}\` ("${reason.value}")`)];
  }
  return [note('no finish reason: an answer cut at max_out_len cannot be told from a whole one')];
}

function aboutCounts({ output, data, parser, carried }: Subject): Finding[] {
  const { input, output: generated } = countsIn(data);
  const pairs = [
    ['inputTokens', output.inputTokens, input],
    ['outputTokens', output.outputTokens, generated],
  ] as const;
  const findings = pairs.flatMap(([field, read, there]) => {
    if (there === undefined || read === there.value) return [];
    const state = read === undefined ? `never set ${field}` : `set ${field} to ${read}`;
    return [wrong(`${parser} ${state}; ${carried} \`${there.path}\` (${there.value})`)];
  });
  if (findings.length > 0 || pairs.every(([, read]) => read !== undefined)) return findings;
  return [
    note("no token counts of the service's: the tokenizer at the config's path counts, if there is one"),
  ];
}
