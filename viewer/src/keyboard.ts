/** Keys of the whole page. A key with Ctrl, Alt or Meta is the browser's, and a key in a field is the field's. */
export function onKeys(actions: Readonly<Record<string, () => void>>): () => void {
  const listen = (event: KeyboardEvent) => {
    const { key, target } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || isField(target)) return;
    const action = actions[key.length === 1 ? key.toLowerCase() : key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null;
}
