/** The value of + - * / ( ) and decimals, by recursive descent, so that a test never runs text as code. */
export function evaluate(expression: string): number {
  const tokens = expression.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
  if (tokens.join('') !== expression.replace(/\s/g, '')) throw new Error(`not arithmetic: ${expression}`);
  let next = 0;

  function factor(): number {
    const token = tokens[next++];
    if (token !== '(') return Number(token);
    const inner = sum();
    if (tokens[next++] !== ')') throw new Error(`no closing parenthesis: ${expression}`);
    return inner;
  }
  function product(): number {
    let value = factor();
    while (tokens[next] === '*' || tokens[next] === '/') {
      value = tokens[next++] === '*' ? value * factor() : value / factor();
    }
    return value;
  }
  function sum(): number {
    let value = product();
    while (tokens[next] === '+' || tokens[next] === '-') {
      value = tokens[next++] === '+' ? value + product() : value - product();
    }
    return value;
  }

  const value = sum();
  if (next !== tokens.length || Number.isNaN(value)) throw new Error(`cannot evaluate: ${expression}`);
  return value;
}
