import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { countsIn, type Leaf } from './leaves.ts';

/** Where replies hold token counts, such as `usage.completion_tokens`. */
export interface CountPlaces {
  readonly input?: string;
  readonly output?: string;
}

/**
 * Looks into the first reply of a service for token counts, so that a report can tell a service that counts nothing from a class that
 * does not read what is there. The first alone: looking into every event would cost more than reading it.
 */
export class CountWatch {
  /** The request whose reply came first. */
  #first: BaseAPIModel | undefined;
  #places: CountPlaces = {};

  /** Empty until the first reply is there, and where it holds none. */
  get places(): CountPlaces {
    return this.#places;
  }

  /** Returns the model for the next request: until the first reply is there with parsers that are watched, then as it is. */
  next(model: BaseAPIModel): BaseAPIModel {
    if (this.#first !== undefined) return model;
    // Private members of a class are the object's own: every method runs on the model itself.
    const watched: BaseAPIModel = new Proxy(model, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function' || key === 'constructor') return member;
        const isBatch = key === 'parseStreamBatch';
        if (!isBatch && key !== 'parseTextResponse' && key !== 'parseStreamResponse')
          return member.bind(target);
        return (data: unknown, ...rest: readonly unknown[]) => {
          this.#first ??= watched;
          if (this.#first === watched) this.#look(isBatch ? (data as readonly unknown[]) : [data]);
          return member.call(target, data, ...rest);
        };
      },
    });
    return watched;
  }

  #look(replies: readonly unknown[]): void {
    const { input, output } = countsIn(replies);
    this.#places = { ...this.#places, ...placeOf('input', input), ...placeOf('output', output) };
  }
}

function placeOf(side: keyof CountPlaces, leaf: Leaf | undefined): CountPlaces {
  return leaf === undefined ? {} : { [side]: leaf.path };
}
