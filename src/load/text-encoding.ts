/** Bytes of a text file as UTF-8 without a byte order mark, whichever mark they start with. */

/** PowerShell writes UTF-16 when output is redirected to a file. */
export function utf8Of(bytes: Buffer): Buffer {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(bytes.toString('utf16le', 2), 'utf8');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return Buffer.from(Buffer.from(even).swap16().toString('utf16le'), 'utf8');
  }
  return bytes;
}
