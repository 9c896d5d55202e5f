import {Calls} from './state.js';
import {Cards} from './calls.js';
import {Feed, callPath} from './feed.js';
import {Score} from './score.js';
import {beforeFrame, byId, el, mark, write} from './dom.js';
import {clock, median, timeOfDay} from './time.js';
import {sendMicrophone, sendRecording} from './capture.js';

/** How many of the last partials tell how far behind we are. */
const LATENCIES = 9;

const feed = new Feed({calls: showCalls, event: hear, connection: showConnection});
const calls = new Calls();
const cards = new Cards(byId('cards'), now);
const score = new Score(byId('score'), byId('tip'), atEnd => {
    byId('follow').hidden = atEnd || !open?.live;
});

let open = null;
let wanted = null;
let latencies = [];

/** The server's time. */
function now() {
    return Date.now() + feed.clockOffset;
}

// What the server tells.

function showCalls(answer) {
    calls.replace(answer.calls);
    cards.show(calls.all());
    showCount();
    if (wanted !== null) {
        openCall(wanted);
    }
}

function hear(name, data) {
    switch (name) {
        case 'call': {
            const call = calls.learn(data);
            cards.update(call);
            if (call === open) {
                score.refresh();
                showHead();
            } else if (call.id === wanted && open === null) {
                openCall(wanted);
            }
            showCount();
            break;
        }
        case 'final':
        case 'partial': {
            const call = calls.hear(data);
            if (call !== null) {
                cards.update(call);
                if (call === open) {
                    score.say(data);
                    if (name === 'partial' && data.text !== '') {
                        showLatency(data);
                    }
                }
            }
            break;
        }
        case 'levels':
            if (data.callId === open?.id) {
                score.hear(data);
            }
            break;
        case 'gone':
            calls.forget(data.callId);
            cards.remove(data.callId);
            showCount();
            break;
    }
}

function showConnection(state) {
    const connection = byId('connection');
    mark(connection, 'data-state', state);
    write(connection, {live: 'live', lost: 'connection lost, trying again', connecting: 'connecting'}[state]);
}

function showCount() {
    beforeFrame(drawCount);
}

function drawCount() {
    const live = cards.liveCount;
    write(byId('count'), live > 0 ? `${live} in progress` : '');
    document.title = live > 0 ? `(${live}) kscribe` : 'kscribe';
    byId('no-cards').hidden = cards.size > 0;
    write(byId('no-cards'), 'None yet. They appear here when they begin.');
    drawWelcome();
}

function drawWelcome() {
    const nothingOpen = cards.size > 0 ? 'Choose a call' : 'Waiting for a call';
    write(byId('welcome').querySelector('h2'), wanted === null ? nothingOpen : `Waiting for ${wanted}`);
}

// The open call.

async function openCall(id) {
    wanted = id;
    feed.watch(id);
    cards.open(id);
    const call = calls.get(id);
    document.body.toggleAttribute('data-open', id !== null);
    if (id === null || call === undefined) {
        open = null;
        score.show(null);
        byId('call').hidden = true;
        byId('welcome').hidden = false;
        drawWelcome();
        return;
    }
    open = call;
    latencies = [];
    // What comes while the answer is on its way is kept, too.
    call.segments = new Map();
    byId('welcome').hidden = true;
    byId('call').hidden = false;
    showHead();
    score.show(call);
    try {
        const answer = await feed.call(id);
        if (open === call) {
            call.learn(answer.call);
            [...answer.segments, ...answer.partials].forEach(transcript => call.hear(transcript));
            // Levels that have come meanwhile stay.
            score.refresh();
            call.segments.forEach(transcript => score.say(transcript));
            if (byId('query').value !== '') {
                search();
            }
            showHead();
        }
    } catch (failure) {
        say(failure.status === 404 ? 'This call is no longer known here.' : 'The call could not be loaded.');
    }
}

function showHead() {
    beforeFrame(drawHead);
}

function drawHead() {
    if (open === null) {
        return;
    }
    write(byId('call-title'), open.id);
    const attributes = Object.entries(open.attributes).map(([name, value]) => `${name} ${value}`);
    write(byId('call-facts'), [
        open.live ? 'in progress' : 'finished',
        `since ${timeOfDay(open.startedAt)}`,
        ...open.languages,
        ...attributes,
    ].join(' · '));
    mark(byId('call'), 'data-live', open.live);
    byId('export').querySelectorAll('a').forEach(link => {
        mark(link, 'href', `${callPath(open.id)}/transcript?format=${link.dataset.format}`);
        mark(link, 'download', '');
    });
    drawLength();
    if (!open.live || latencies.length === 0) {
        write(byId('latency'), '–');
    }
}

function drawLength() {
    if (open !== null) {
        write(byId('length'), clock(Math.max(score.end, open.live ? Math.min(now() - open.startedAt, score.end + 60_000) : 0)));
    }
}

/** From the capture of the last sound in a partial to this moment; a clock that is wrong says nothing. */
function showLatency(partial) {
    const behind = now() - partial.capturedAt;
    if (behind >= 0 && behind < 60_000) {
        latencies = [...latencies, behind].slice(-LATENCIES);
        write(byId('latency'), `${(median(latencies) / 1000).toFixed(1)} s`);
    }
}

// Search.

let asked = 0;

async function search() {
    const query = byId('query').value.trim();
    const here = score.search(query);
    showFound(query, here, 0);
    const mine = ++asked;
    if (query === '') {
        cards.filter(null);
        return;
    }
    try {
        const answer = await feed.search(query);
        if (mine === asked) {
            cards.filter(new Map(answer.calls.map(call => [call.callId, call.matches])));
        }
    } catch (failure) {
        // The connection's state says so already.
    }
}

function showFound(query, count, at) {
    write(byId('found'), query === '' || open === null ? '' : count === 0 ? 'not in this call' : at === 0 ? `${count} here` : `${at} of ${count}`);
}

let patience = 0;
byId('query').addEventListener('input', () => {
    clearTimeout(patience);
    patience = setTimeout(search, 150);
});
byId('search').addEventListener('submit', event => {
    event.preventDefault();
    seek(1);
});
byId('query').addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.shiftKey) {
        event.preventDefault();
        seek(-1);
    } else if (event.key === 'Escape') {
        byId('query').value = '';
        search();
    }
});

function seek(step) {
    const query = byId('query').value.trim();
    const count = score.search(query);
    showFound(query, count, score.seek(step));
}

// What this page sends.

let sending = null;

async function send(begin, title) {
    if (sending !== null) {
        sending.stop();
        return;
    }
    say(null);
    try {
        sending = await begin(failure => {
            sending = null;
            showSending(null);
            say(failure);
        });
        showSending(title);
        location.hash = `#/${encodeURIComponent(sending.callId)}`;
    } catch (failure) {
        say(failure.message);
    }
}

function showSending(title) {
    const strip = byId('sending');
    strip.hidden = title === null;
    mark(byId('microphone'), 'aria-pressed', sending !== null && sending.hurry === undefined);
    strip.replaceChildren();
    if (title !== null) {
        const stop = el('button', {type: 'button', class: 'stop'}, 'Stop');
        stop.addEventListener('click', () => sending?.stop());
        strip.append(el('span', {class: 'on-air', 'aria-hidden': 'true'}), el('strong', {}, title), el('span', {class: 'sent'}));
        if (sending.hurry !== undefined) {
            const hurry = el('button', {type: 'button'}, 'Send all at once');
            hurry.addEventListener('click', () => {
                sending?.hurry();
                hurry.remove();
                stop.focus();
            });
            strip.append(el('progress', {max: 1, value: 0, 'aria-label': 'Sent'}), hurry);
        }
        strip.append(stop);
        drawSending();
    }
}

function drawSending() {
    if (sending !== null) {
        const sent = byId('sending').querySelector('.sent');
        const bar = byId('sending').querySelector('progress');
        if (sent !== null) {
            write(sent, clock(sending.millis()));
        }
        if (bar !== null) {
            bar.value = sending.progress();
        }
    }
}

byId('microphone').addEventListener('click', () => send(sendMicrophone, 'Listening to your microphone'));
byId('choose').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', () => {
    const [file] = byId('file').files;
    byId('file').value = '';
    if (file !== undefined) {
        send(over => sendRecording(file, over), `Sending ${file.name}`);
    }
});

let inside = 0;
for (const [name, step] of [['dragenter', 1], ['dragleave', -1]]) {
    document.addEventListener(name, event => {
        if (event.dataTransfer?.types.includes('Files')) {
            inside += step;
            byId('drop').hidden = inside <= 0;
        }
    });
}
document.addEventListener('dragover', event => event.preventDefault());
document.addEventListener('drop', event => {
    event.preventDefault();
    inside = 0;
    byId('drop').hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) {
        send(over => sendRecording(file, over), `Sending ${file.name}`);
    }
});

/** Tells the person something; null for nothing. */
function say(sentence) {
    byId('notice').hidden = sentence === null;
    write(byId('notice'), sentence ?? '');
}

// The person and the clock.

document.addEventListener('keydown', event => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        byId('query').focus();
    } else if (event.key === 'Escape' && byId('export').open) {
        byId('export').open = false;
        byId('export').querySelector('summary').focus();
    }
});
document.addEventListener('click', event => {
    if (!byId('export').contains(event.target) || event.target instanceof HTMLAnchorElement) {
        byId('export').open = false;
    }
});
byId('follow').addEventListener('click', () => score.follow());

function route() {
    const id = decodeURIComponent(location.hash.slice(2));
    openCall(id === '' ? null : id);
}

addEventListener('hashchange', route);
setInterval(() => {
    cards.tick();
    drawLength();
    drawSending();
}, 500);
route();
feed.start();
