/** What the page knows of the calls that the server knows. Of all but the open one it keeps only what a card shows. */
export class Calls {
    #calls = new Map();

    get(id) {
        return this.#calls.get(id);
    }

    all() {
        return [...this.#calls.values()];
    }

    /** Begins anew with what the server lists; calls that stay keep what is known of them. */
    replace(summaries) {
        const before = this.#calls;
        this.#calls = new Map();
        for (const summary of summaries) {
            const call = before.get(summary.callId) ?? new Call(summary.callId);
            this.#calls.set(call.id, call);
            call.learn(summary);
        }
    }

    learn(summary) {
        const call = this.#known(summary.callId);
        call.learn(summary);
        return call;
    }

    hear(transcript) {
        const call = this.#known(transcript.callId);
        return call.hear(transcript) ? call : null;
    }

    forget(id) {
        const call = this.#calls.get(id);
        this.#calls.delete(id);
        return call;
    }

    #known(id) {
        if (!this.#calls.has(id)) {
            this.#calls.set(id, new Call(id));
        }
        return this.#calls.get(id);
    }
}

export class Call {
    id;
    live = true;
    startedAt = 0;
    heardAt = 0;
    attributes = {};
    channels = new Map();

    /** Transcripts by channel and segment, of the open call only. */
    segments = null;

    constructor(id) {
        this.id = id;
    }

    learn(summary) {
        this.live = summary.live;
        this.startedAt = summary.startedAt;
        this.heardAt = summary.heardAt;
        this.attributes = summary.attributes;
        for (const told of summary.channels) {
            const channel = this.channel(told.channel);
            channel.role = told.role;
            channel.language = told.language;
            channel.last = told.lastText ?? channel.last;
            // What starts within a few hundredths of a second started together.
            const offset = told.startedAt - this.startedAt;
            channel.offset = Math.abs(offset) < 60 ? 0 : Math.max(0, offset);
            for (let i = 0; i < told.talk.length; i += 2) {
                channel.talk.set(told.talk[i], told.talk[i + 1]);
            }
        }
    }

    /** Takes note of a transcript; false if it says nothing new. */
    hear(transcript) {
        const channel = this.channel(transcript.channel);
        const isFinal = transcript.status === 'FINAL';
        if (channel.role === 'UNKNOWN') {
            channel.role = transcript.role;
        }
        if (isFinal) {
            channel.partials.forEach((partial, segment) => {
                if (segment <= transcript.segmentId) {
                    channel.partials.delete(segment);
                }
            });
            if (transcript.segmentId >= channel.lastFinal) {
                channel.lastFinal = transcript.segmentId;
                channel.last = transcript.text;
            }
            channel.talk.set(transcript.startMillis, transcript.endMillis);
        } else {
            const before = channel.partials.get(transcript.segmentId);
            if (transcript.segmentId <= channel.lastFinal || before?.revision >= transcript.revision) {
                return false;
            }
            channel.partials.set(transcript.segmentId, transcript);
        }
        this.heardAt = Math.max(this.heardAt, transcript.emittedAt);
        return this.#keep(transcript);
    }

    channel(number) {
        if (!this.channels.has(number)) {
            this.channels.set(number, new Channel(number));
        }
        return this.channels.get(number);
    }

    /** In the order of their numbers. */
    lanes() {
        return [...this.channels.values()].sort((one, other) => one.number - other.number);
    }

    get languages() {
        return [...new Set(this.lanes().map(channel => channel.language).filter(Boolean))];
    }

    /** How long it is as far as words tell, in milliseconds. */
    get saidMillis() {
        let end = 0;
        for (const channel of this.channels.values()) {
            for (const until of channel.talk.values()) {
                end = Math.max(end, channel.offset + until);
            }
            for (const partial of channel.partials.values()) {
                end = Math.max(end, channel.offset + partial.endMillis);
            }
        }
        return end;
    }

    #keep(transcript) {
        if (this.segments === null) {
            return true;
        }
        const key = `${transcript.channel}/${transcript.segmentId}`;
        const before = this.segments.get(key);
        const worse = before !== undefined
            && (before.status === 'FINAL' && transcript.status !== 'FINAL'
                || before.status === transcript.status && before.revision >= transcript.revision);
        if (!worse) {
            this.segments.set(key, transcript);
        }
        return !worse;
    }
}

class Channel {
    role = 'UNKNOWN';
    language = null;
    offset = 0;
    talk = new Map();
    partials = new Map();
    last = '';
    lastFinal = -1;

    constructor(number) {
        this.number = number;
    }

    /** Who speaks, as people say it. */
    get name() {
        return {AGENT: 'agent', CUSTOMER: 'customer'}[this.role] ?? `channel ${this.number}`;
    }

    /** For the style sheet: who is who keeps a colour of his own. */
    get voice() {
        return {AGENT: 'agent', CUSTOMER: 'customer'}[this.role] ?? (this.number % 2 === 0 ? 'customer' : 'agent');
    }

    /** What is being said, if anything. */
    get partial() {
        return [...this.partials.values()].filter(partial => partial.text !== '').at(-1) ?? null;
    }
}
