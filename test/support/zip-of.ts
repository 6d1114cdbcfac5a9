import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of these files, deflated unless `stored`; names are UTF-8, and nothing says so, as some programs write them. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>, { stored = false } = {}): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [path, content] of Object.entries(files)) {
    const [name, bytes] = [Buffer.from(path), Buffer.from(content)];
    const data = stored ? bytes : deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    locals.push(Buffer.from('PK\x03\x04'), common, name, data);
    entries.push(Buffer.from('PK\x01\x02\x14\0'), common, rest, name);
    at += 4 + common.length + name.length + data.length;
  }
  const [head, list] = [Buffer.concat(locals), Buffer.concat(entries)];
  const end = Buffer.alloc(18);
  const count = Object.keys(files).length;
  for (const place of [4, 6]) end.writeUInt16LE(count, place);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(head.length, 12);
  return Buffer.concat([head, list, Buffer.from('PK\x05\x06'), end]);
}
