import {beforeFrame, el, mark, write} from './dom.js';
import {clock, moment, span} from './time.js';

/** Width of a second of speech; words of usual length just fit when somebody speaks fast. */
const WIDE_PIXELS = 150;
const NARROW_PIXELS = 104;
const NARROW_WIDTH = 560;

/** Between words, and between lines of words. */
const GAP_PIXELS = 5;
const LINE_PIXELS = 26;

/** Height of a loudness strip, and the levels that it shows. */
const STRIP_PIXELS = 26;
const QUIETEST = -58;
const LOUDEST = -8;

/** A shorter pause between two words is part of what is said. */
const PAUSE_MILLIS = 300;

/** How far from the end somebody may have scrolled and still be taken along. */
const FOLLOW_PIXELS = 120;

/** How long the line of now goes on by itself when no loudness comes. */
const GLIDE_MILLIS = 400;

/**
 * A call as a score: time goes from left to right and on in the next row, each speaker has a line, and words stand where they were
 * spoken, above a strip of how loud it was. Rows in which nobody speaks are left out. Only what has changed is laid out again.
 */
export class Score {
    #box;
    #tip;
    #onFollow;
    #call = null;
    #rows = new Map();
    #order = [];
    #segments = new Map();
    #levels = new Map();
    #dirty = new Set();
    #rowMillis = 1;
    #laneWidth = 0;
    #pixels = WIDE_PIXELS;
    #gutter = 0;
    #measure = document.createElement('canvas').getContext('2d');
    #widths = new Map();
    #now = {at: 0, seen: 0};
    #nowRow = null;
    #playhead = el('span', {class: 'now', 'aria-hidden': 'true'});
    #following = true;
    #query = '';
    #hits = [];
    #hit = -1;

    /** @param onFollow is told whether the end is in view */
    constructor(box, tip, onFollow) {
        this.#box = box;
        this.#tip = tip;
        this.#onFollow = onFollow;
        new ResizeObserver(() => this.#resize()).observe(box);
        box.addEventListener('scroll', () => this.#scrolled(), {passive: true});
        box.addEventListener('pointerover', event => this.#point(event.target));
        box.addEventListener('pointerleave', () => this.#point(null));
        box.addEventListener('focusin', event => this.#point(event.target));
        box.addEventListener('focusout', () => this.#point(null));
        box.addEventListener('keydown', event => this.#walk(event));
        document.fonts?.addEventListener?.('loadingdone', () => this.#again());
    }

    /** Shows another call, with what is known of it; null for none. */
    show(call) {
        this.#call = call;
        this.#levels.clear();
        this.#now = {at: 0, seen: 0};
        this.#following = call?.live ?? false;
        this.#again();
        this.#box.scrollTop = 0;
    }

    /** Shows a transcript that is new or has changed. */
    say(transcript) {
        this.#place(transcript);
        this.#soon();
    }

    /** Shows how loud a channel was. */
    hear({channel, fromMillis, stepMillis, levels}) {
        if (!this.#levels.has(channel)) {
            this.#levels.set(channel, []);
        }
        const known = this.#levels.get(channel);
        const from = fromMillis / stepMillis;
        levels.forEach((level, index) => {
            known[from + index] = level;
        });
        const offset = this.#offset(channel);
        const until = offset + fromMillis + levels.length * stepMillis;
        for (let row = this.#rowOf(offset + fromMillis); row <= this.#rowOf(until); row++) {
            const lane = this.#rows.get(row)?.lanes.get(channel);
            if (lane !== undefined) {
                lane.drawn = false;
                this.#dirty.add(lane);
            }
        }
        if (until > this.#now.at) {
            this.#now = {at: until, seen: performance.now()};
        }
        this.#soon();
    }

    /** Something about the call itself has changed: who speaks, when a channel began, whether it goes on. */
    refresh() {
        const shape = this.#shape();
        if (shape !== this.#drawnShape) {
            this.#again();
        } else {
            this.#soon();
        }
    }
    #drawnShape = '';

    /** The moment up to which something is known, in milliseconds. */
    get end() {
        return Math.max(this.#now.at, this.#call?.saidMillis ?? 0);
    }

    follow() {
        this.#following = true;
        this.#box.scrollTop = this.#box.scrollHeight;
        this.#onFollow(true);
    }

    /** Marks a text wherever it was said; returns how often. */
    search(query) {
        this.#query = query.trim().toLowerCase();
        this.#hits = [];
        this.#hit = -1;
        for (const segment of this.#segments.values()) {
            this.#find(segment);
        }
        this.#hits.sort((one, other) => one[0].at - other[0].at);
        return this.#hits.length;
    }

    /** Goes to the next place, or the one before; returns its number, from 1. */
    seek(step) {
        if (this.#hits.length === 0) {
            return 0;
        }
        this.#hits[this.#hit]?.forEach(word => word.span.classList.remove('sought'));
        this.#hit = (this.#hit + step + this.#hits.length) % this.#hits.length;
        const words = this.#hits[this.#hit];
        words.forEach(word => word.span.classList.add('sought'));
        this.#following = false;
        words[0].span.scrollIntoView({block: 'center'});
        return this.#hit + 1;
    }

    // What is where.

    #offset(channel) {
        return this.#call?.channels.get(channel)?.offset ?? 0;
    }

    #rowOf(millis) {
        return Math.floor(Math.max(0, millis) / this.#rowMillis);
    }

    #shape() {
        return this.#call === null
            ? ''
            : this.#call.lanes().map(lane => `${lane.number} ${lane.name} ${lane.offset}`).join('|');
    }

    /** Lays everything out from the beginning. */
    #again() {
        this.#box.replaceChildren();
        this.#rows.clear();
        this.#order = [];
        this.#segments.clear();
        this.#dirty.clear();
        this.#nowRow = null;
        this.#drawnShape = this.#shape();
        if (this.#call === null || this.#box.clientWidth === 0) {
            return;
        }
        const style = getComputedStyle(this.#box);
        this.#measure.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        this.#widths.clear();
        this.#gutter = parseFloat(style.getPropertyValue('--gutter'));
        const width = this.#box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - this.#gutter;
        this.#pixels = width < NARROW_WIDTH ? NARROW_PIXELS : WIDE_PIXELS;
        const seconds = Math.max(2, Math.floor(width / this.#pixels));
        this.#pixels = width / seconds;
        this.#laneWidth = width;
        this.#rowMillis = seconds * 1000;
        this.#call.segments?.forEach(transcript => this.#place(transcript));
        if (this.#query !== '') {
            this.search(this.#query);
        }
        this.#soon();
    }

    #resize() {
        if (this.#call !== null) {
            const style = getComputedStyle(this.#box);
            const width = this.#box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
                - parseFloat(style.getPropertyValue('--gutter'));
            if (Math.abs(width - this.#laneWidth) >= 1) {
                this.#again();
            }
        }
    }

    /** Puts the words of a transcript where they belong; words that are there already stay the elements that they are. */
    #place(transcript) {
        const key = `${transcript.channel}/${transcript.segmentId}`;
        const channel = this.#call.channels.get(transcript.channel);
        if (this.#laneWidth === 0 || channel === undefined) {
            return;
        }
        if (!this.#segments.has(key)) {
            this.#segments.set(key, {words: [], channel: transcript.channel});
        }
        const segment = this.#segments.get(key);
        const isFinal = transcript.status === 'FINAL';
        const told = wordsOf(transcript);
        while (segment.words.length > told.length) {
            this.#take(segment.words.pop());
        }
        told.forEach((word, index) => {
            const known = segment.words[index];
            const placed = known ?? {span: el('span', {tabindex: '-1'}), lane: null};
            placed.at = channel.offset + word.startMillis;
            placed.until = channel.offset + word.endMillis;
            placed.confidence = word.confidence;
            placed.flags = transcript.flags;
            placed.isFinal = isFinal;
            placed.channel = channel;
            if (known === undefined) {
                segment.words.push(placed);
                placed.span.word = placed;
            }
            write(placed.span, word.text);
            placed.span.className = `word${isFinal ? '' : word.stable ? ' stable' : ' forming'}`
                + `${isFinal && word.confidence < 0.5 ? ' unsure' : ''}${transcript.flags.includes('failed') ? ' failed' : ''}`;
            const lane = this.#lane(this.#rowFor(placed), channel);
            if (placed.lane !== lane) {
                this.#take(placed);
                lane.add(placed);
            }
            lane.laid = false;
            this.#dirty.add(lane);
        });
        this.#redraw(segment);
        if (isFinal && this.#query !== '') {
            this.#find(segment);
        }
    }

    #take(word) {
        if (word.lane !== null) {
            word.lane.remove(word);
            word.lane.drawn = false;
            this.#dirty.add(word.lane);
            word.lane = null;
        }
    }

    /** The row in which a word begins; the next one if there is more room for it. */
    #rowFor(word) {
        const row = this.#rowOf(word.at);
        const left = (word.at - row * this.#rowMillis) / 1000 * this.#pixels;
        return left > 0 && left + this.#width(word.span.textContent) > this.#laneWidth ? row + 1 : row;
    }

    /** Draws the strips anew in which a segment was spoken. */
    #redraw({words, channel}) {
        if (words.length > 0) {
            for (let row = this.#rowOf(words[0].at); row <= this.#rowOf(words.at(-1).until); row++) {
                const lane = this.#rows.get(row)?.lanes.get(channel);
                if (lane !== undefined) {
                    lane.drawn = false;
                    this.#dirty.add(lane);
                }
            }
        }
    }

    /** When somebody spoke in a row, as pairs of moments; pauses within a sentence are part of it. */
    #spoken(lane) {
        const from = lane.row * this.#rowMillis;
        const until = from + this.#rowMillis;
        const spoken = [];
        for (const {words, channel} of this.#segments.values()) {
            if (channel !== lane.channel.number || words.length === 0 || words.at(-1).until < from || words[0].at > until) {
                continue;
            }
            for (const word of words) {
                if (spoken.length > 0 && word.at - spoken.at(-1)[1] < PAUSE_MILLIS && word.at >= spoken.at(-1)[0]) {
                    spoken.at(-1)[1] = word.until;
                } else {
                    spoken.push([word.at, word.until]);
                }
            }
        }
        return spoken.map(([start, end]) => [Math.max(from, start), Math.min(until, end)])
            .filter(([start, end]) => end > start);
    }

    #lane(row, channel) {
        return this.#row(row).lanes.get(channel.number);
    }

    #row(index) {
        if (!this.#rows.has(index)) {
            const row = new Row(index, this.#call.lanes(), this.#rowMillis, this.#pixels);
            this.#rows.set(index, row);
            let at = this.#order.length;
            while (at > 0 && this.#order[at - 1] > index) {
                at--;
            }
            this.#box.insertBefore(row.element, this.#rows.get(this.#order[at])?.element ?? null);
            this.#order.splice(at, 0, index);
            row.lanes.forEach(lane => this.#dirty.add(lane));
            this.#sayGaps(at);
        }
        return this.#rows.get(index);
    }

    #dropRow(index) {
        const at = this.#order.indexOf(index);
        this.#rows.get(index).element.remove();
        this.#rows.get(index).lanes.forEach(lane => this.#dirty.delete(lane));
        this.#rows.delete(index);
        this.#order.splice(at, 1);
        this.#sayGaps(at);
    }

    /** Says between rows how long nobody spoke. */
    #sayGaps(at) {
        for (const place of [at, at + 1]) {
            if (place < this.#order.length) {
                const left = this.#order[place] - (place === 0 ? 0 : this.#order[place - 1] + 1);
                mark(this.#rows.get(this.#order[place]).element, 'data-gap',
                    left > 0 ? `${span(left * this.#rowMillis)} without words` : null);
            }
        }
    }

    // What is drawn.

    #soon() {
        beforeFrame(this.#draw);
    }

    #draw = () => {
        if (this.#call === null || this.#laneWidth === 0) {
            return;
        }
        this.#drawNow();
        for (const lane of this.#dirty) {
            if (!lane.laid) {
                lane.lay(this.#laneWidth, this.#pixels, this.#rowMillis, word => this.#width(word));
            }
            if (!lane.drawn) {
                lane.drawStrip(this.#levels.get(lane.channel.number), this.#spoken(lane), this.#rowMillis, this.#pixels,
                    this.#laneWidth);
            }
        }
        this.#dirty.clear();
        if (this.#following) {
            this.#box.scrollTop = this.#box.scrollHeight;
        }
        this.#scrolled();
    };

    /** The line of now glides on between two messages, and takes its row along. */
    #drawNow() {
        const glide = Math.min(GLIDE_MILLIS, performance.now() - this.#now.seen);
        const at = this.#now.at + glide;
        const goesOn = this.#call.live && this.#now.at > 0;
        const row = goesOn ? this.#rowOf(at) : null;
        if (row !== this.#nowRow) {
            const before = this.#nowRow;
            this.#nowRow = row;
            if (before !== null && this.#rows.get(before)?.isEmpty) {
                this.#dropRow(before);
            }
            if (before !== null && this.#rows.has(before)) {
                mark(this.#rows.get(before).element, 'data-now', null);
            }
            if (row === null) {
                this.#playhead.remove();
            } else {
                this.#row(row).element.append(this.#playhead);
                mark(this.#row(row).element, 'data-now', '');
            }
        }
        if (goesOn) {
            const left = this.#gutter + (at - row * this.#rowMillis) / 1000 * this.#pixels;
            this.#playhead.style.transform = `translateX(${left.toFixed(1)}px)`;
            if (glide < GLIDE_MILLIS) {
                this.#soon();
            }
        }
    }

    #width(text) {
        let width = this.#widths.get(text);
        if (width === undefined) {
            width = this.#measure.measureText(text).width;
            this.#widths.set(text, width);
        }
        return width;
    }

    #scrolled() {
        const left = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight;
        const atEnd = left < FOLLOW_PIXELS;
        this.#following = atEnd && (this.#call?.live ?? false);
        this.#onFollow(atEnd);
    }

    // What is looked for, pointed at, walked through.

    #find(segment) {
        segment.words.forEach(word => word.span.classList.remove('hit', 'sought'));
        if (this.#query === '') {
            return;
        }
        let text = '';
        const ends = segment.words.map(word => {
            text += `${text === '' ? '' : ' '}${word.span.textContent.toLowerCase()}`;
            return text.length;
        });
        for (let at = text.indexOf(this.#query); at >= 0; at = text.indexOf(this.#query, at + this.#query.length)) {
            const until = at + this.#query.length;
            const found = segment.words.filter((word, index) => ends[index] > at && (ends[index - 1] ?? -1) + 1 < until);
            found.forEach(word => word.span.classList.add('hit'));
            this.#hits.push(found);
        }
    }

    #point(target) {
        const word = target?.word;
        this.#pointed?.lane?.light(null);
        this.#pointed = word ?? null;
        this.#tip.hidden = word === undefined;
        if (word === undefined) {
            return;
        }
        word.lane.light(word, this.#rowMillis, this.#pixels);
        this.#tip.replaceChildren(
            el('strong', {}, word.span.textContent),
            el('span', {}, `${moment(word.at)} – ${moment(word.until)}`),
            el('span', {}, `${Math.round(word.confidence * 100)} % sure${word.isFinal ? '' : ', still forming'}`),
            ...word.flags.map(flag => el('span', {class: 'flag'}, FLAGS[flag] ?? flag)));
        const place = word.span.getBoundingClientRect();
        const left = Math.min(place.left, innerWidth - this.#tip.offsetWidth - 8);
        const above = place.top - this.#tip.offsetHeight - 8;
        this.#tip.style.left = `${Math.max(8, left)}px`;
        this.#tip.style.top = `${above > 8 ? above : place.bottom + 8}px`;
    }
    #pointed = null;

    /** Left and right go through the words of a speaker, up and down to another one's. */
    #walk(event) {
        const current = document.activeElement?.word;
        const steps = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: 0, ArrowUp: 0, Home: 0, End: 0};
        if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) {
            return;
        }
        const words = [...this.#segments.values()].flatMap(segment => segment.words)
            .sort((one, other) => one.at - other.at);
        let next;
        if (current === undefined || event.key === 'Home' || event.key === 'End') {
            next = event.key === 'End' || current === undefined && event.key !== 'Home' && this.#following
                ? words.at(-1)
                : words[0];
        } else if (steps[event.key] !== 0) {
            const own = words.filter(word => word.channel === current.channel);
            next = own[own.indexOf(current) + steps[event.key]];
        } else {
            const others = words.filter(word => word.channel !== current.channel);
            const wanted = event.key === 'ArrowDown'
                ? others.find(word => word.at >= current.at)
                : others.filter(word => word.at <= current.at).at(-1);
            next = wanted;
        }
        if (next !== undefined) {
            event.preventDefault();
            this.#following = false;
            next.span.focus({preventScroll: true});
            next.span.scrollIntoView({block: 'nearest'});
        }
    }
}

const FLAGS = {
    gap: 'audio was missing here',
    truncated: 'cut at the longest length',
    timeout: 'the channel fell silent',
    evicted: 'ended to make room',
    failed: 'nobody knows what was said',
};

/** The words of a transcript; of one that has none, its text as one. */
function wordsOf(transcript) {
    if (transcript.words.length > 0) {
        return transcript.words;
    }
    const text = transcript.flags.includes('failed') ? '[not understood]' : transcript.text;
    const {startMillis, endMillis, confidence} = transcript;
    return text === '' ? [] : [{text, startMillis, endMillis, confidence, stable: false}];
}

class Row {
    element;
    lanes = new Map();

    constructor(index, channels, rowMillis, pixels) {
        const ruler = el('div', {class: 'ruler', 'aria-hidden': 'true'});
        for (let second = 0; second < rowMillis / 1000; second++) {
            const tick = el('span', {class: 'tick'}, second === 0 ? clock(index * rowMillis) : '');
            tick.style.left = `calc(var(--gutter) + ${second * pixels}px)`;
            ruler.append(tick);
        }
        this.element = el('section', {class: 'row', 'aria-label': `From ${clock(index * rowMillis)}`}, ruler);
        for (const channel of channels) {
            const lane = new Lane(index, channel);
            this.lanes.set(channel.number, lane);
            this.element.append(lane.element);
        }
    }

    get isEmpty() {
        return [...this.lanes.values()].every(lane => lane.words.length === 0);
    }
}

/** One speaker's part of a row. */
class Lane {
    element;
    words = [];
    laid = true;
    drawn = false;
    channel;
    row;
    #text = el('p', {class: 'words'});
    #strip = el('svg', {class: 'strip', 'aria-hidden': 'true', height: STRIP_PIXELS});
    #noise = el('path', {class: 'noise'});
    #speech = el('path', {class: 'speech'});
    #light = el('rect', {class: 'light', y: 0, height: STRIP_PIXELS, rx: 3, width: 0});

    constructor(row, channel) {
        this.row = row;
        this.channel = channel;
        this.#strip.append(this.#light, this.#noise, this.#speech);
        this.element = el('div', {class: 'lane', 'data-voice': channel.voice, 'data-empty': ''},
            el('span', {class: 'who'}, channel.name), this.#strip, this.#text);
    }

    /** Words stay in the order of time, so that they are read in it. */
    add(word) {
        let at = this.words.length;
        while (at > 0 && this.words[at - 1].at > word.at) {
            at--;
        }
        this.#text.insertBefore(word.span, this.words[at]?.span ?? null);
        this.words.splice(at, 0, word);
        word.lane = this;
        this.laid = false;
        mark(this.element, 'data-empty', null);
    }

    remove(word) {
        this.words.splice(this.words.indexOf(word), 1);
        word.span.remove();
        this.laid = false;
        mark(this.element, 'data-empty', this.words.length === 0 ? '' : null);
    }

    /** Each word goes where it was spoken, or as soon after the one before as there is room; what does not fit goes on a line below. */
    lay(width, pixels, rowMillis, widthOf) {
        const start = this.row * rowMillis;
        let right = -GAP_PIXELS;
        let line = 0;
        for (const word of this.words) {
            const wide = widthOf(word.span.textContent);
            let left = Math.max(line === 0 ? (word.at - start) / 1000 * pixels : 0, right + GAP_PIXELS, 0);
            if (left + wide > width) {
                const back = Math.max(right + GAP_PIXELS, width - wide);
                if (back + wide <= width) {
                    left = back;
                } else {
                    line++;
                    left = 0;
                }
            }
            right = left + wide;
            if (word.left !== left || word.line !== line) {
                word.left = left;
                word.line = line;
                word.span.style.left = `${left.toFixed(1)}px`;
                word.span.style.top = `${line * LINE_PIXELS}px`;
            }
        }
        if (line !== this.#lines) {
            this.#lines = line;
            this.#text.style.height = `${(line + 1) * LINE_PIXELS}px`;
        }
        this.laid = true;
    }
    #lines = 0;

    /** How loud it was, stronger where there are words. */
    drawStrip(levels, spoken, rowMillis, pixels, width) {
        this.drawn = true;
        mark(this.#strip, 'width', Math.ceil(width));
        const offset = this.channel.offset;
        const start = this.row * rowMillis - offset;
        mark(this.#noise, 'd', ribbon(levels, start, start + rowMillis, start, pixels));
        mark(this.#speech, 'd', spoken.map(([from, until]) =>
            ribbon(levels, from - offset, until - offset, start, pixels)).join('') || 'M0 0');
    }

    /** Shows when a word was spoken; null for none. */
    light(word, rowMillis, pixels) {
        if (word === null) {
            mark(this.#light, 'width', 0);
            return;
        }
        mark(this.#light, 'x', ((word.at - this.row * rowMillis) / 1000 * pixels).toFixed(1));
        mark(this.#light, 'width', Math.max(4, (word.until - word.at) / 1000 * pixels).toFixed(1));
    }
}

const STEP_MILLIS = 100;

/** A band as wide as it was loud, between two moments. */
function ribbon(levels, from, until, start, pixels) {
    if (levels === undefined || until <= from) {
        return 'M0 0';
    }
    const middle = STRIP_PIXELS / 2;
    const points = [];
    const add = millis => {
        const step = millis / STEP_MILLIS - 0.5;
        const before = levels[Math.floor(step)];
        const after = levels[Math.floor(step) + 1];
        const level = before === undefined || after === undefined
            ? before ?? after
            : before + (after - before) * (step - Math.floor(step));
        if (level !== undefined) {
            const part = Math.min(1, Math.max(0, (level - QUIETEST) / (LOUDEST - QUIETEST)));
            points.push([(millis - start) / 1000 * pixels, Math.max(0.5, part * middle)]);
        }
    };
    add(from);
    for (let step = Math.ceil(from / STEP_MILLIS); step * STEP_MILLIS + 50 < until; step++) {
        if (step * STEP_MILLIS + 50 > from) {
            add(step * STEP_MILLIS + 50);
        }
    }
    add(until);
    if (points.length < 2) {
        return 'M0 0';
    }
    const one = number => number.toFixed(1);
    const above = points.map(([x, high]) => `${one(x)} ${one(middle - high)}`);
    const below = points.reverse().map(([x, high]) => `${one(x)} ${one(middle + high)}`);
    return `M${above.join('L')}L${below.join('L')}Z`;
}
