/** `MyCustomAPI` → `my_custom_api`: the guide's name of a class's file, config and abbr. */
export function snakeCase(className: string): string {
  return className
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[-_ ]+/g, '_')
    .toLowerCase();
}

/** `my_custom_api` → `MyCustomAPI`, as the guide spells it. */
export function classNameOf(snake: string): string {
  const word = (text: string) => (text === 'api' ? 'API' : text.charAt(0).toUpperCase() + text.slice(1));
  return snake.split('_').map(word).join('');
}
