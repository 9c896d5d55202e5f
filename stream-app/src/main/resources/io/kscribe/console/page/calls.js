import {beforeFrame, el, mark, write} from './dom.js';
import {clock, timeOfDay} from './time.js';

/** How much of a speaker's last words a card shows: its end. */
const SHOWN_CHARS = 140;

/** The cards of all calls: those in progress first, then the latest. Only cards of which something has changed are touched. */
export class Cards {
    #list;
    #now;
    #cards = new Map();
    #changed = new Set();
    #order = '';
    #open = null;
    #filter = null;

    /** @param now the server's time */
    constructor(list, now) {
        this.#list = list;
        this.#now = now;
        list.addEventListener('keydown', event => this.#walk(event));
    }

    /** All calls that there are. */
    show(calls) {
        const kept = new Set(calls.map(call => call.id));
        for (const [id, card] of this.#cards) {
            if (!kept.has(id)) {
                card.item.remove();
                this.#cards.delete(id);
            }
        }
        calls.forEach(call => this.update(call));
    }

    update(call) {
        if (!this.#cards.has(call.id)) {
            this.#cards.set(call.id, new Card(call));
        }
        this.#changed.add(this.#cards.get(call.id));
        beforeFrame(this.#draw);
    }

    remove(id) {
        this.#cards.get(id)?.item.remove();
        this.#cards.delete(id);
    }

    /** Which call is open; null for none. */
    open(id) {
        this.#open = id;
        this.#cards.forEach(card => this.#changed.add(card));
        beforeFrame(this.#draw);
    }

    /** Shows the calls of these ids alone, with how often something was found in them; null for all. */
    filter(matches) {
        this.#filter = matches;
        this.open(this.#open);
    }

    get liveCount() {
        return [...this.#cards.values()].filter(card => card.call.live).length;
    }

    get size() {
        return this.#cards.size;
    }

    /** Lets the clocks of calls in progress go on. */
    tick() {
        this.#cards.forEach(card => card.call.live && card.drawClock(this.#now()));
    }

    #draw = () => {
        this.#arrange();
        for (const card of this.#changed) {
            card.draw(this.#now(), card.call.id === this.#open, this.#filter);
        }
        this.#changed.clear();
    };

    #arrange() {
        const sorted = [...this.#cards.values()].sort((one, other) => other.call.live - one.call.live
            || other.call.startedAt - one.call.startedAt
            || (one.call.id < other.call.id ? -1 : 1));
        const order = sorted.map(card => card.call.id).join('\n');
        if (order !== this.#order) {
            this.#order = order;
            const focused = document.activeElement;
            sorted.forEach((card, index) => {
                if (this.#list.children[index] !== card.item) {
                    this.#list.insertBefore(card.item, this.#list.children[index] ?? null);
                }
            });
            if (this.#list.contains(focused)) {
                focused.focus();
            }
        }
    }

    #walk(event) {
        const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
        if (step !== undefined) {
            const links = [...this.#list.querySelectorAll('li:not([hidden]) a')];
            const next = links[links.indexOf(document.activeElement) + step];
            if (next !== undefined) {
                next.focus();
                event.preventDefault();
            }
        }
    }
}

class Card {
    call;
    item;
    #link;
    #title = el('span', {class: 'card-title'});
    #clock = el('span', {class: 'card-clock'});
    #found = el('span', {class: 'card-found'});
    #pattern = el('svg', {class: 'pattern', viewBox: '0 0 1000 20', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
    #lines = new Map();

    constructor(call) {
        this.call = call;
        this.#link = el('a', {href: `#/${encodeURIComponent(call.id)}`},
            el('span', {class: 'card-head'}, this.#title, this.#found, this.#clock), this.#pattern);
        this.item = el('li', {class: 'card'}, this.#link);
    }

    draw(now, open, filter) {
        write(this.#title, this.call.id);
        mark(this.#title, 'title', this.call.id);
        mark(this.item, 'data-live', this.call.live);
        mark(this.#link, 'aria-current', open ? 'true' : null);
        this.item.hidden = filter !== null && !filter.has(this.call.id);
        const matches = filter?.get(this.call.id);
        write(this.#found, matches === undefined ? '' : `${matches} found`);
        this.drawClock(now);
        for (const channel of this.call.lanes()) {
            this.#drawLine(channel);
        }
        this.#drawPattern(now);
    }

    drawClock(now) {
        write(this.#clock, this.call.live
            ? clock(Math.max(now - this.call.startedAt, this.call.saidMillis))
            : timeOfDay(this.call.startedAt));
    }

    #drawLine(channel) {
        if (!this.#lines.has(channel.number)) {
            const line = {final: el('span'), partial: el('span', {class: 'forming'}), name: el('span', {class: 'unseen'})};
            line.row = el('span', {class: 'card-line'},
                line.name, el('span', {class: 'card-text'}, el('span', {}, line.final, line.partial)));
            this.#lines.set(channel.number, line);
            this.#link.insertBefore(line.row, this.#pattern);
        }
        const line = this.#lines.get(channel.number);
        mark(line.row, 'data-voice', channel.voice);
        write(line.name, `${channel.name}: `);
        const forming = channel.partial === null ? '' : ` ${channel.partial.text}`;
        const room = Math.max(0, SHOWN_CHARS - forming.length);
        write(line.final, channel.last.length > room ? channel.last.slice(channel.last.length - room) : channel.last);
        write(line.partial, forming);
    }

    /** Who spoke when, as a pattern: the shape of a conversation. */
    #drawPattern(now) {
        const length = Math.max(this.call.saidMillis, this.call.live ? Math.min(now - this.call.startedAt, 60_000) : 0, 10_000);
        this.call.lanes().slice(0, 2).forEach((channel, row) => {
            let path = this.#pattern.children[row];
            if (path === undefined) {
                path = el('path');
                this.#pattern.append(path);
            }
            mark(path, 'data-voice', channel.voice);
            const strokes = [];
            for (const [start, end] of channel.talk) {
                const from = (channel.offset + start) / length * 1000;
                const width = Math.max(2, (end - start) / length * 1000);
                strokes.push(`M${from.toFixed(1)} ${row * 11 + 1}h${width.toFixed(1)}v7h-${width.toFixed(1)}z`);
            }
            mark(path, 'd', strokes.join('') || 'M0 0');
        });
    }
}
