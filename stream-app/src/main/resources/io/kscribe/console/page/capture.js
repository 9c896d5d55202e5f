/** What is sent is as good as the recogniser can hear. */
const RATE_HZ = 16_000;
const PIECE_MILLIS = 100;

/** More than this waiting in the browser means that the server takes audio more slowly than it is spoken. */
const MOST_WAITING_BYTES = 2_000_000;

/** How long the server may take to have the last of a call on Kafka before the connection is closed anyway. */
const END_MILLIS = 10_000;

/** Audio on its way from this page to the server, as one call: see the gateway's plain WebSocket. */
class Sending {
    callId;
    sentMillis = 0;
    #socket;
    #opened;
    #over;
    #failure = null;
    #stopped = false;

    /** @param over called once, with a sentence if it failed, or null */
    constructor(callId, channels, rate, over) {
        this.callId = callId;
        this.#over = over;
        const url = new URL('v1/audio', document.baseURI);
        url.protocol = url.protocol.replace('http', 'ws');
        this.#socket = new WebSocket(url);
        this.#opened = new Promise(resolve => {
            this.#socket.onopen = () => {
                const roles = channels === 1 ? ['customer'] : ['agent', 'customer'];
                this.#say({type: 'start', call: callId, encoding: 'pcm16', rate, channels, roles});
                resolve(true);
            };
            this.#socket.onclose = event => {
                resolve(false);
                this.#end(this.#stopped || event.code === 1000 ? null : event.reason || 'The server hung up.');
            };
        });
        this.#socket.onmessage = event => this.#told(JSON.parse(event.data));
    }

    /** Whether the server took the connection. */
    get opened() {
        return this.#opened;
    }

    get waiting() {
        return this.#socket.bufferedAmount;
    }

    send(samples, millis) {
        if (this.#socket.readyState === WebSocket.OPEN && !this.#stopped) {
            this.#socket.send(samples);
            this.sentMillis += millis;
            if (this.waiting > MOST_WAITING_BYTES) {
                this.#failure = 'The server takes the audio more slowly than it is spoken.';
                this.stop();
            }
        }
    }

    /** Ends the call; the server hangs up when all of it is on Kafka. */
    stop() {
        if (!this.#stopped && this.#socket.readyState === WebSocket.OPEN) {
            this.#say({type: 'stop'});
            setTimeout(() => this.#socket.close(1000), END_MILLIS);
        } else {
            this.#socket.close(1000);
        }
        this.#stopped = true;
    }

    #say(message) {
        this.#socket.send(JSON.stringify(message));
    }

    #told(message) {
        if (message.type === 'error') {
            this.#failure = message.undelivered > 0
                ? `${message.message} ${(message.undelivered / 1000).toFixed(1)} s of audio were not delivered.`
                : message.message;
        } else if (message.type === 'stopped') {
            this.#socket.close(1000);
        }
    }

    #end(reason) {
        this.#over?.(this.#failure ?? reason);
        this.#over = null;
    }
}

/** An id that nobody has had: what it is, when, and a little chance. */
function newId(kind) {
    const chance = crypto.getRandomValues(new Uint32Array(1))[0].toString(36).slice(0, 4);
    return `${kind}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}-${chance}`;
}

/**
 * Sends what the microphone hears until it is stopped.
 *
 * @param over called once when it has ended, with a sentence if it failed, or null
 * @returns {callId, millis(), progress(), stop()}
 */
export async function sendMicrophone(over) {
    if (navigator.mediaDevices === undefined) {
        throw new Error('Browsers lend a microphone only to pages that come over https or from localhost.');
    }
    let stream;
    try {
        stream = await navigator.mediaDevices.getUserMedia({
            audio: {channelCount: 1, echoCancellation: true, noiseSuppression: false, autoGainControl: true},
        });
    } catch (refused) {
        throw new Error(refused.name === 'NotAllowedError'
            ? 'The browser was not allowed to use the microphone.'
            : 'There is no microphone that could be used.');
    }
    const context = await contextFor(stream);
    await context.audioWorklet.addModule('console/audio.js');
    const gatherer = new AudioWorkletNode(context, 'gatherer', {numberOfOutputs: 0, channelCount: 1,
        channelCountMode: 'explicit'});
    const end = failure => {
        stream.getTracks().forEach(track => track.stop());
        context.close();
        over(failure);
    };
    const sending = new Sending(newId('microphone'), 1, context.sampleRate, end);
    gatherer.port.onmessage = event => sending.send(event.data, PIECE_MILLIS);
    if (!await sending.opened) {
        throw new Error('The server takes no audio.');
    }
    context.createMediaStreamSource(stream).connect(gatherer);
    await context.resume();
    return {
        callId: sending.callId,
        millis: () => sending.sentMillis,
        progress: () => null,
        stop: () => sending.stop(),
    };
}

/** At our rate, or at the microphone's own in browsers that will not convert. */
async function contextFor(stream) {
    const ours = new AudioContext({sampleRate: RATE_HZ});
    try {
        ours.createMediaStreamSource(stream).disconnect();
        return ours;
    } catch (otherRate) {
        await ours.close();
        return new AudioContext();
    }
}

/**
 * Decodes a recording and sends it as fast as it was spoken.
 *
 * @param over called once when it has ended, with a sentence if it failed, or null
 * @returns {callId, millis(), progress(), hurry(), stop()}
 */
export async function sendRecording(file, over) {
    let decoded;
    try {
        decoded = await new OfflineAudioContext(1, 1, RATE_HZ).decodeAudioData(await file.arrayBuffer());
    } catch (unknown) {
        throw new Error(`${file.name} is no recording that this browser can read.`);
    }
    const channels = Math.min(decoded.numberOfChannels, 8);
    const samples = Array.from({length: channels}, (none, channel) => decoded.getChannelData(channel));
    let timer = 0;
    const sending = new Sending(newId(nameOf(file)), channels, RATE_HZ, failure => {
        clearInterval(timer);
        over(failure);
    });
    if (!await sending.opened) {
        throw new Error('The server takes no audio.');
    }
    const frames = RATE_HZ * PIECE_MILLIS / 1000;
    const started = performance.now();
    let next = 0;
    let hurried = false;
    const sendDue = () => {
        // A page in the background is woken rarely: whatever is due is sent then.
        const due = hurried ? decoded.length : (performance.now() - started) / 1000 * RATE_HZ;
        while (next < decoded.length && Math.min(next + frames, decoded.length) <= due
            && sending.waiting < MOST_WAITING_BYTES / 2) {
            sending.send(interleaved(samples, next, Math.min(frames, decoded.length - next)), PIECE_MILLIS);
            next += frames;
        }
        if (next >= decoded.length && sending.waiting === 0) {
            clearInterval(timer);
            sending.stop();
        }
    };
    timer = setInterval(sendDue, PIECE_MILLIS / 2);
    return {
        callId: sending.callId,
        millis: () => Math.min(sending.sentMillis, decoded.duration * 1000),
        progress: () => Math.min(1, next / decoded.length),
        hurry: () => {
            hurried = true;
        },
        stop: () => sending.stop(),
    };
}

function nameOf(file) {
    return file.name.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'recording';
}

function interleaved(channels, from, frames) {
    const samples = new Int16Array(frames * channels.length);
    for (let frame = 0; frame < frames; frame++) {
        for (let channel = 0; channel < channels.length; channel++) {
            samples[frame * channels.length + channel] =
                Math.max(-32768, Math.min(32767, Math.round(channels[channel][from + frame] * 32768)));
        }
    }
    return samples;
}
