import type { Failure } from '../contract/record.ts';
import type { Observation } from './observe.ts';

/** A failure as the person who writes the class needs it told. */
export function failureInWords(failure: Failure, observation?: Observation): string {
  switch (failure.kind) {
    case 'connect':
      return `${observation?.request?.url ?? 'the service'} cannot be reached: ${failure.message}`;
    case 'http-status':
      return `the service refused the request: ${failure.message}`;
    case 'server-error':
      return `the service answered with an error: ${failure.message}`;
    case 'model-bug':
      return [failure.message, ...ownLine(failure.bodyExcerpt)].join(', ');
    default:
      if (observation?.stream === false && /^(data|event|id|:)/.test(observation.events[0]?.data ?? '')) {
        return 'an event stream came where whole JSON was asked for: does the body say stream: false?';
      }
      return failure.message;
  }
}

/** The first line of a stack that is in nobody's package. */
function ownLine(stack: string | undefined): string[] {
  const lines = stack?.split('\n').filter((line) => /^\s*at .*:\d+:\d+\)?$/.test(line)) ?? [];
  const own = lines.find((line) => !/node:|node_modules/.test(line));
  return own === undefined ? [] : [own.trim()];
}

/** The engine calls a reply empty where the class read nothing from it: why, the events tell. */
export function isEmptyReply({ events, attempt: { failure, output } }: Observation): boolean {
  const wasParsed = events.some(({ added }) => added !== undefined && added.threw === undefined);
  const isEmpty = output.content === '' && output.reasoningContent === '' && output.error === undefined;
  return failure?.kind === 'bad-reply' && wasParsed && isEmpty;
}
