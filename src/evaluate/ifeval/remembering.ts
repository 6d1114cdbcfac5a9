/** Texts that are remembered: a reply, and what a check makes of it first. */
const KEPT = 3;

/** The same function, which knows what it made of the last texts: one reply is asked many instructions. */
export function remembering<T>(make: (text: string) => T): (text: string) => T {
  const last: { readonly text: string; readonly made: T }[] = [];
  return (text) => {
    const known = last.find((one) => one.text === text);
    if (known !== undefined) return known.made;
    const made = make(text);
    last.unshift({ text, made });
    last.length = Math.min(last.length, KEPT);
    return made;
  };
}
