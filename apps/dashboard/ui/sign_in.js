// Asks for the token where the hub wants one for reads. It is sent once and kept nowhere.

import { ApiError, beginSession } from './api.js';
import { setText } from './dom.js';

const TOKEN = /^[\x21-\x7e]+$/; // what a header can carry, and what the configuration takes

export class SignIn {
  #form;
  #field;
  #button;
  #problem;
  #done;

  /** @param {HTMLFormElement} form hidden until it is needed @param {() => void} done */
  constructor(form, done) {
    this.#form = form;
    this.#field = form.querySelector('input');
    this.#button = form.querySelector('button');
    this.#problem = form.querySelector('[role=alert]');
    this.#done = done;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  get shown() {
    return !this.#form.hidden;
  }

  show() {
    if (!this.shown) {
      this.#form.hidden = false;
      this.#field.focus();
    }
  }

  hide() {
    if (this.shown) {
      this.#form.hidden = true;
      this.#field.value = '';
      setText(this.#problem, '');
    }
  }

  async #send() {
    const token = this.#field.value.trim();
    if (!TOKEN.test(token)) {
      setText(this.#problem, 'A token is made of letters, digits and signs, without spaces.');
      return;
    }
    this.#button.disabled = true;
    setText(this.#problem, '');
    try {
      await beginSession(token);
      this.hide();
      this.#done();
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      setText(this.#problem, error.status === 401 ? 'That is not the token of this hub.'
        : `The hub does not take it: ${error.message}.`);
      this.#field.focus();
    } finally {
      this.#button.disabled = false;
    }
  }
}
