import { crc32 } from 'node:zlib';
import type { FrameSplitter } from 'ais-bench';

/** A message of `application/vnd.amazon.eventstream` whose payload is JSON. */
export interface AwsMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly data: any;
}

/** Lengths of message and headers and the checksum of both; the message's own checksum. */
const [PRELUDE, CHECKSUM] = [12, 4];

/** Cuts `application/vnd.amazon.eventstream` into messages. Their headers are texts, as in all that Bedrock sends. */
export class AwsEventSplitter implements FrameSplitter {
  #rest = Buffer.alloc(0);

  push(bytes: Uint8Array): AwsMessage[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: AwsMessage[] = [];
    for (let length = this.#length(); length <= this.#rest.length; length = this.#length()) {
      messages.push(readMessage(this.#rest.subarray(0, length)));
      this.#rest = this.#rest.subarray(length);
    }
    return messages;
  }

  end(): AwsMessage[] {
    if (this.#rest.length > 0) throw new Error(`${this.#rest.length} bytes of a message`);
    return [];
  }

  /** Bytes of the message that comes next; Infinity as long as that is not known. */
  #length(): number {
    if (this.#rest.length < PRELUDE) return Number.POSITIVE_INFINITY;
    if (crc32(this.#rest.subarray(0, 8)) !== this.#rest.readUInt32BE(8))
      throw new Error('a prelude is damaged');
    return this.#rest.readUInt32BE(0);
  }
}

function readMessage(message: Buffer): AwsMessage {
  const end = message.length - CHECKSUM;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) throw new Error('a message is damaged');
  const payload = PRELUDE + message.readUInt32BE(4);
  const headers: Record<string, string> = {};
  for (let at = PRELUDE; at < payload; ) {
    const nameEnd = at + 1 + message[at]!;
    const value = nameEnd + 3; // The type, which is 7 for a text, and two bytes of length.
    const next = value + message.readUInt16BE(nameEnd + 1);
    headers[message.toString('utf8', at + 1, nameEnd)] = message.toString('utf8', value, next);
    at = next;
  }
  return { headers, data: JSON.parse(message.toString('utf8', payload, end)) };
}
