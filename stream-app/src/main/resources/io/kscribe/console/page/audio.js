/** Gathers what the microphone hears into pieces of 100 ms, as 16-bit samples; runs where audio is made. */
class Gatherer extends AudioWorkletProcessor {
    #piece = new Int16Array(Math.round(sampleRate / 10));
    #filled = 0;

    process([[heard]]) {
        for (let i = 0; heard !== undefined && i < heard.length; i++) {
            this.#piece[this.#filled++] = Math.max(-32768, Math.min(32767, Math.round(heard[i] * 32768)));
            if (this.#filled === this.#piece.length) {
                this.port.postMessage(this.#piece.buffer, [this.#piece.buffer]);
                this.#piece = new Int16Array(Math.round(sampleRate / 10));
                this.#filled = 0;
            }
        }
        return true;
    }
}

registerProcessor('gatherer', Gatherer);
