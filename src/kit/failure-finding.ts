import { type Finding, finding } from '../contract/finding.ts';
import type { Failure } from '../contract/record.ts';
import type { Observation } from './observe.ts';

/** Puts a failure into a finding for the person who writes the class. */
export function failureFinding({ kind, message, bodyExcerpt }: Failure, observation?: Observation): Finding {
  switch (kind) {
    case 'connect':
      return finding('UNREACHABLE', { url: observation?.request?.url, message });
    case 'http-status':
      return finding('REQUEST-REFUSED', { message });
    case 'server-error':
      return finding('SERVICE-ERROR', { message });
    case 'model-bug':
      return finding('CLASS-THREW', { message, line: ownLine(bodyExcerpt) });
    default:
      return observation?.stream === false && isEventStream(observation)
        ? finding('STREAM-FOR-JSON', {})
        : finding('REQUEST-FAILED', { message });
  }
}

function isEventStream({ events }: Observation): boolean {
  return /^(data|event|id|:)/.test(events[0]?.data ?? '');
}

/** The first line of a stack that is in no package. */
function ownLine(stack: string | undefined): string | undefined {
  const lines = stack?.split('\n').filter((line) => /^\s*at .*:\d+:\d+\)?$/.test(line)) ?? [];
  return lines.find((line) => !/node:|node_modules/.test(line))?.trim();
}

/** The engine calls a reply empty where the class read nothing from it: the events show why. */
export function isEmptyReply({ events, attempt: { failure, output } }: Observation): boolean {
  const wasParsed = events.some(({ added }) => added !== undefined && added.threw === undefined);
  const isEmpty = output.content === '' && output.reasoningContent === '' && output.error === undefined;
  return failure?.kind === 'bad-reply' && wasParsed && isEmpty;
}
