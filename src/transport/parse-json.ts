const STRING_OR_CONSTANT = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * Parses JSON, and what some servers write beside it, such as Python's `json`: NaN and the infinities, which become null. A count that
 * is none must not cost the answer. Throws a SyntaxError for any other text.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(text.replace(STRING_OR_CONSTANT, (part) => (part.startsWith('"') ? part : 'null')));
  }
}
