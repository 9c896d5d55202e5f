/**
 * Keeps the page up to date: asks once for what there is, then listens to what happens. A connection that is lost is taken up where it
 * ended; only when the server no longer knows that place is everything asked for again.
 */
export class Feed {
    #told;
    #source = null;
    #last = '';
    #watched = null;
    #retry = 0;

    /** @param told has calls(answer), event(name, data), connection(state) */
    constructor(told) {
        this.#told = told;
    }

    /** How much further the server's clock is than ours, in milliseconds. */
    clockOffset = 0;

    async start() {
        clearTimeout(this.#retry);
        this.#source?.close();
        try {
            const answer = await this.#ask('v1/calls');
            this.#last = answer.id;
            this.#told.calls(answer);
            this.#listen();
        } catch (failure) {
            this.#told.connection('lost');
            this.#retry = setTimeout(() => this.start(), 2000);
        }
    }

    /** All of one call. */
    call(id) {
        return this.#ask(callPath(id));
    }

    /** The calls in which something was said. */
    search(text) {
        return this.#ask(`v1/calls?text=${encodeURIComponent(text)}`);
    }

    /** Listens to the loudness of one call, and of no other; null for none. */
    watch(id) {
        if (id !== this.#watched) {
            this.#watched = id;
            if (this.#source !== null) {
                this.#listen();
            }
        }
    }

    async #ask(path) {
        const asked = Date.now();
        const response = await fetch(path, {headers: {Accept: 'application/json'}, cache: 'no-store'});
        if (!response.ok) {
            throw Object.assign(new Error(`${response.status}`), {status: response.status});
        }
        const answer = await response.json();
        this.clockOffset = answer.now - (asked + Date.now()) / 2;
        return answer;
    }

    #listen() {
        this.#source?.close();
        const levels = this.#watched === null ? '' : `&levels=${encodeURIComponent(this.#watched)}`;
        const source = new EventSource(`v1/transcripts?after=${encodeURIComponent(this.#last)}${levels}`);
        this.#source = source;
        source.onopen = () => this.#told.connection('live');
        source.onerror = () => {
            this.#told.connection('lost');
            if (source.readyState === EventSource.CLOSED) {
                this.#retry = setTimeout(() => this.start(), 2000);
            }
        };
        for (const name of ['call', 'final', 'partial', 'levels', 'gone']) {
            source.addEventListener(name, event => {
                this.#last = event.lastEventId || this.#last;
                this.#told.event(name, JSON.parse(event.data));
            });
        }
        source.addEventListener('reset', () => this.start());
    }
}

/** Where a call is; an id may have slashes. */
export function callPath(id) {
    return `v1/calls/${id.split('/').map(encodeURIComponent).join('/')}`;
}
