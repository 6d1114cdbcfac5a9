import { InvalidArgumentError } from 'commander';

/** A whole number within limits. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
    const range =
      max === Number.MAX_SAFE_INTEGER ? `a whole number ≥ ${min}` : `a whole number ${min}…${max}`;
    throw new InvalidArgumentError(`It is not ${range}.`);
  };
}

/** A number within limits; `what` says of what. */
export function numberIn(min: number, max: number, what: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    const range = max === Number.MAX_VALUE ? `${min} or more` : `${min}…${max}`;
    throw new InvalidArgumentError(`It is not a number of ${what}, ${range}.`);
  };
}
