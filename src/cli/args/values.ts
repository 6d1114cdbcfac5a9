/** Readers of flag values. Each throws InvalidArgumentError that says what is wrong with the text. */
import { InvalidArgumentError } from 'commander';

/** Reads a whole number within limits. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
    const range =
      max === Number.MAX_SAFE_INTEGER ? `a whole number ≥ ${min}` : `a whole number ${min}…${max}`;
    throw new InvalidArgumentError(`It is not ${range}.`);
  };
}

/** Reads a number within limits; `unit` names what is counted. */
export function numberIn(min: number, max: number, unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    const range = max === Number.MAX_VALUE ? `${min} or more` : `${min}…${max}`;
    throw new InvalidArgumentError(`It is not a number of ${unit}, ${range}.`);
  };
}

/** Reads `1%` or `0.01`. */
export function share(text: string): number {
  const percent = /^([\d.]+)\s*%$/.exec(text)?.[1];
  const value = percent === undefined ? Number(text) : Number(percent) / 100;
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It is not a share: write 1% or a number 0…1.');
}

/** Reads an http or https URL. */
export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It is not an http or https URL.');
}

/** Makes a flag's reader from a function that throws a plain Error. */
export function refusing<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
