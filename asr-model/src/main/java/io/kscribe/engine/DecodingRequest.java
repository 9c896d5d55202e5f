package io.kscribe.engine;

import java.util.List;
import java.util.Optional;

/**
 * How a window is to be decoded.
 *
 * @param language the spoken language as ISO 639-1; empty: detect it
 * @param task transcribe, or translate into English
 * @param prefix tokens that the text must begin with, at most as many as a text of the window may have
 * @param draft tokens that may well come next: what the decoder would have written of them costs one pass, and what follows a mismatch
 *     may be checked in another. The result is the same as without a draft.
 * @param settings how the text is searched for
 */
public record DecodingRequest(
        Optional<String> language,
        Task task,
        List<DecodedToken> prefix,
        List<DecodedToken> draft,
        DecodingSettings settings) {
    public DecodingRequest {
        prefix = List.copyOf(prefix);
        draft = List.copyOf(draft);
        if (settings.timestamps() && !(prefix.isEmpty() && draft.isEmpty())) {
            throw new IllegalArgumentException("a text with time stamps can have neither a prefix nor a draft");
        }
    }

    /** Transcribes what is said in a language, or in the one that is heard, as live audio is. */
    public static DecodingRequest transcribe(Optional<String> language) {
        return new DecodingRequest(language, Task.TRANSCRIBE, List.of(), List.of(), DecodingSettings.live());
    }

    /** The same, with another task. */
    public DecodingRequest withTask(Task other) {
        return new DecodingRequest(language, other, prefix, draft, settings);
    }

    /** The same, searched for in another way. */
    public DecodingRequest withSettings(DecodingSettings other) {
        return new DecodingRequest(language, task, prefix, draft, other);
    }

    /** The same, with an earlier hypothesis of the same speech: its first tokens kept, the others as a draft. */
    public DecodingRequest withHypothesis(List<DecodedToken> hypothesis, int kept) {
        List<DecodedToken> others = hypothesis.subList(kept, hypothesis.size());
        return new DecodingRequest(language, task, hypothesis.subList(0, kept), others, settings);
    }

    /** The same, with other tokens that the text must begin with. */
    public DecodingRequest withPrefix(List<DecodedToken> other) {
        return new DecodingRequest(language, task, other, draft, settings);
    }

    /** The same, with other tokens that may well come next. */
    public DecodingRequest withDraft(List<DecodedToken> other) {
        return new DecodingRequest(language, task, prefix, other, settings);
    }

    /** The same, for a text that is soon replaced by another. */
    public DecodingRequest withoutFallback() {
        return withSettings(settings.withFallback(Fallback.none()));
    }
}
