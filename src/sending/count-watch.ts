import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { countsIn, type Leaf } from './leaves.ts';

/** Where replies hold token counts, such as `usage.completion_tokens`. */
export interface CountPlaces {
  readonly input?: string;
  readonly output?: string;
}

/**
 * Looks into one reply of a service for token counts, so that a report can tell a service that counts nothing from a class that does
 * not read what is there. One alone: every other request goes to the model as it is, and looking costs it nothing.
 */
export class CountWatch {
  #isWatching = false;
  #hasLooked = false;
  #places: CountPlaces = {};

  /** Empty until a reply is there, and where it holds none. */
  get places(): CountPlaces {
    return this.#places;
  }

  /** Returns the model for the next request, with parsers that are watched where no reply was looked into and no other request is watched. */
  next(model: BaseAPIModel): BaseAPIModel {
    if (this.#isWatching || this.#hasLooked) return model;
    this.#isWatching = true;
    // Private members of a class are the object's own: every method runs on the model itself.
    return new Proxy(model, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function' || key === 'constructor') return member;
        const isBatch = key === 'parseStreamBatch';
        if (!isBatch && key !== 'parseTextResponse' && key !== 'parseStreamResponse')
          return member.bind(target);
        return (data: unknown, ...rest: readonly unknown[]) => {
          this.#look(isBatch ? (data as readonly unknown[]) : [data]);
          return member.call(target, data, ...rest);
        };
      },
    });
  }

  /** The sample of a model that `next` returned is over: where that was watched and had no reply, the next one is. */
  release(given: BaseAPIModel, model: BaseAPIModel): void {
    if (given !== model) this.#isWatching = false;
  }

  #look(replies: readonly unknown[]): void {
    this.#hasLooked = true;
    const { input, output } = countsIn(replies);
    this.#places = { ...this.#places, ...placeOf('input', input), ...placeOf('output', output) };
  }
}

function placeOf(side: keyof CountPlaces, leaf: Leaf | undefined): CountPlaces {
  return leaf === undefined ? {} : { [side]: leaf.path };
}
